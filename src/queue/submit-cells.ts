import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Cell, CellResult } from '../simulator/cell.ts';
import { type Comparison, prepare } from '../simulator/compare.ts';
import type { RunCells } from '../simulator/sweep.ts';
import { INTERRUPTED, type Outcome } from '../support/worker-pool.ts';
import { type CellJob, MOST_DEATHS, packWorkload, queueName, submitWorkload } from './cell-queue.ts';

type QueuedJob = Job<CellJob, CellResult>;

/** Milliseconds between two looks at the queue, and how many cells are looked at: cells finish about in their order. */
const PAUSE = 200;
const LOOKED_AT = 200;
/** How many cells are submitted in one message. */
const BATCH = 1000;
/** Results stay for a day, so that a sweep that was cut off finds them. */
const KEPT = { age: 24 * 3600 };

/**
 * Runs the cells of a comparison on the workers of a queue. A cell is counted once, whatever happens to a worker or to the
 * server: its job is known by its content, and one that the server has lost is submitted again.
 *
 * @param redis `connect`
 */
export function submitCells(redis: Redis, comparison: Comparison): RunCells {
  return async function* run(missing, { onFinished, signal }) {
    const { cells, workload } = prepare(comparison, missing);
    const { checksum, bytes } = packWorkload(workload);
    const { Queue } = await import('bullmq');
    const queue: Queue<CellJob, CellResult> = new Queue(queueName(), { connection: redis });
    queue.on('error', () => {}); // Every command waits until the server is back.
    const began = Date.now();
    const submit = async (submitted: readonly Cell[]) => {
      await submitWorkload(redis, checksum, bytes);
      for (let i = 0; i < submitted.length; i += BATCH)
        await queue.addBulk(submitted.slice(i, i + BATCH).map((cell) => jobOf(cell, checksum)));
    };
    const outcomes: Outcome<CellResult>[] = [];
    const pending = new Map(cells.entries());
    try {
      await submit(cells);
      for (let index = 0; index < cells.length; index++) {
        while (outcomes[index] === undefined && signal?.aborted !== true) {
          const lost: Cell[] = [];
          for (const [at, cell] of [...pending].slice(0, LOOKED_AT)) {
            const outcome = await outcomeOf(await queue.getJob(idOf(cell, checksum)), began);
            if (outcome === 'lost') lost.push(cell);
            if (typeof outcome !== 'object') continue;
            pending.delete(at);
            outcomes[at] = outcome;
            onFinished(at, outcome);
          }
          if (lost.length > 0) await submit(lost);
          if (outcomes[index] === undefined) await wait(PAUSE);
        }
        yield outcomes[index] ?? { failure: INTERRUPTED };
      }
    } finally {
      // What nobody waits for any more need not be run.
      for (const cell of pending.values())
        await (await queue.getJob(idOf(cell, checksum)))?.remove().catch(() => {});
      await queue.close();
    }
  };
}

/** What has become of a job; one that failed in an earlier sweep is taken out and submitted again. */
async function outcomeOf(
  job: QueuedJob | undefined,
  began: number,
): Promise<Outcome<CellResult> | 'lost' | 'waiting'> {
  if (job === undefined) return 'lost';
  if (job.finishedOn === undefined) return 'waiting';
  if (job.failedReason === undefined) return { result: job.returnvalue };
  const reason = job.stalledCounter < MOST_DEATHS ? job.failedReason : `its worker died ${MOST_DEATHS} times`;
  if (job.finishedOn >= began) return { failure: reason };
  await job.remove();
  return 'lost';
}

function jobOf(cell: Cell, workload: string) {
  const opts = { jobId: idOf(cell, workload), removeOnComplete: KEPT, removeOnFail: KEPT };
  return { name: `${cell.policy} at ${cell.capacity}`, data: { workload, cell }, opts };
}

function idOf(cell: Cell, workload: string): string {
  const { policy, capacity, predictions, learned, seed } = cell;
  const content = JSON.stringify([workload, policy, capacity, predictions, learned ?? null, seed]);
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
