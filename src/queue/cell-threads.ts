import { extname } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Cell, CellResult, Workload } from '../simulator/cell.ts';
import { shareWorkload } from '../simulator/sweep.ts';
import { startWorker } from '../support/start-worker.ts';
import { firstLine, type Outcome } from '../support/worker-pool.ts';

interface Thread {
  readonly workload: string;
  readonly worker: Worker;
}

const MODULE = new URL(`../simulator/cell-worker${extname(import.meta.url)}`, import.meta.url);

/** How many workloads are held; the one that was used longest ago makes room. */
const HELD = 4;

/**
 * Threads that run cells, so that the thread of the queue never stands still and its locks never run out. A cell that kills
 * its thread fails alone.
 */
export class CellThreads {
  /** How many workloads have been fetched. */
  fetched = 0;
  private readonly fetch: (checksum: string) => Promise<Workload>;
  private readonly workloads = new Map<string, Promise<Workload>>();
  private readonly idle: Thread[] = [];

  constructor(fetch: (checksum: string) => Promise<Workload>) {
    this.fetch = fetch;
  }

  /** @throws Error with the reason if the cell cannot be run */
  async run(workload: string, cell: Cell): Promise<CellResult> {
    const thread = await this.thread(workload);
    const outcome = await ask(thread.worker, cell);
    if ('ended' in outcome) throw new Error(outcome.ended);
    this.idle.push(thread);
    if ('failure' in outcome) throw new Error(outcome.failure);
    return outcome.result;
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map(({ worker }) => worker.terminate()));
  }

  private async thread(workload: string): Promise<Thread> {
    const at = this.idle.findIndex((thread) => thread.workload === workload);
    if (at >= 0) return this.idle.splice(at, 1)[0];
    await this.idle.shift()?.worker.terminate();
    const worker = startWorker(MODULE, { workerData: await this.workload(workload) });
    return { workload, worker };
  }

  /** Fetched once, whoever asks at the same time. */
  private workload(checksum: string): Promise<Workload> {
    const known = this.workloads.get(checksum) ?? this.fetchShared(checksum);
    this.workloads.delete(checksum);
    this.workloads.set(checksum, known);
    const [oldest] = this.workloads.keys();
    if (this.workloads.size > HELD) this.workloads.delete(oldest);
    // One that could not be fetched may be there the next time.
    known.catch(() => this.workloads.delete(checksum));
    return known;
  }

  private async fetchShared(checksum: string): Promise<Workload> {
    this.fetched++;
    return shareWorkload(await this.fetch(checksum));
  }
}

function ask(worker: Worker, cell: Cell): Promise<Outcome<CellResult> | { readonly ended: string }> {
  return new Promise((resolve) => {
    let reason = 'its thread ended before it did';
    const onError = (error: unknown) => (reason = firstLine(error));
    const onExit = () => resolve({ ended: reason });
    worker.on('error', onError);
    worker.on('exit', onExit);
    worker.once('message', (outcome: Outcome<CellResult>) => {
      worker.off('error', onError).off('exit', onExit);
      resolve(outcome);
    });
    worker.postMessage(cell);
  });
}
