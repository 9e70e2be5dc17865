import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Failure } from '../../support/failure.ts';
import { startWorker } from '../../support/start-worker.ts';
import { oneLine } from '../laws/law.ts';
import type { VerifyRecord } from './verify-record.ts';
import type { FromWorker, Subject, Task } from './verify-task.ts';
import { instancesBegun, watchedMemory } from './watched-instance.ts';

/**
 * Longest wait for a sign of life: milliseconds of the processors' time, of which a check takes a few hundred at most. On a busy machine
 * a thread may have to wait for its turn.
 */
const PATIENCE = 5000;
/** Longest time for one law, and for loading a file, in milliseconds of the clock. */
const LIMIT = 60_000;
const LOOK_EVERY = 250;
const MEMORY_LIMIT_MB = 256;

// The worker is compiled where this file is.
const WORKER = new URL(`worker${extname(import.meta.url)}`, import.meta.url);

/** How a worker ended before it could answer. */
export interface Silence {
  readonly kind: 'silence';
  readonly complaint: string;
}

/**
 * A thread that holds one policy to laws, and can be given up: a policy that loops, exits or eats all memory takes nothing but its
 * thread with it.
 */
export class LawWorker {
  readonly memory = watchedMemory();
  private readonly worker: Worker;
  private readonly subject: string;
  /** How the thread ended, if it has. */
  private ended: string | undefined;

  constructor(task: Omit<Task, 'memory'>) {
    this.subject = task.subject;
    this.worker = startWorker(WORKER, {
      workerData: { ...task, memory: this.memory } satisfies Task,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
      stdout: true,
    });
    this.worker.on('error', (error) => {
      this.ended ??= oneLine(error);
    });
    this.worker.on('exit', () => {
      this.ended ??= 'it ends the process';
    });
    // Standard output is for results; what the policy prints goes elsewhere.
    this.worker.stdout.pipe(process.stderr, { end: false });
  }

  /**
   * Waits until the policy is loaded.
   *
   * @throws Failure in one line if it cannot be
   */
  async ready(): Promise<Subject> {
    const answer = await this.answer();
    if (answer.kind === 'ready') return answer.subject;
    await this.stop();
    throw new Failure(
      answer.kind === 'refused'
        ? answer.reason
        : `${this.subject}: while the file is loaded ${complaintOf(answer)}`,
    );
  }

  /** Holds the policy to one law; after a silence the worker is of no more use. */
  async hold(law: number): Promise<VerifyRecord | Silence> {
    new Float64Array(this.memory).fill(0);
    this.worker.postMessage(law);
    const answer = await this.answer();
    if (answer.kind === 'record') return answer.record;
    await this.stop();
    return { kind: 'silence', complaint: complaintOf(answer) };
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }

  /** The next message, or why there will be none. */
  private answer(): Promise<FromWorker | Silence> {
    return new Promise((resolve) => {
      const { worker, memory } = this;
      const start = performance.now();
      let begun = -1;
      let alive = processorTime();
      const look = setInterval(() => {
        if (instancesBegun(memory) !== begun) alive = processorTime();
        begun = instancesBegun(memory);
        if (this.ended !== undefined) end(this.ended);
        else if (processorTime() - alive >= PATIENCE)
          end(`it loops forever, or nearly: no end within ${PATIENCE / 1000} s`);
        else if (performance.now() - start >= LIMIT) end(`it does not finish within ${LIMIT / 1000} s`);
      }, LOOK_EVERY);
      const end = (complaint: string) => finish({ kind: 'silence', complaint });
      const finish = (answer: FromWorker | Silence) => {
        clearInterval(look);
        worker.off('message', finish);
        resolve(answer);
      };
      worker.on('message', finish);
    });
  }
}

/** Milliseconds that all threads of this process have run. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function complaintOf(answer: FromWorker | Silence): string {
  return answer.kind === 'silence' ? answer.complaint : 'it answers out of turn';
}
