import type { Redis } from 'ioredis';
import type { CellResult } from '../simulator/cell.ts';
import { type CellJob, fetchWorkload, MOST_DEATHS, queueName } from './cell-queue.ts';
import { CellThreads } from './cell-threads.ts';

/** A cell of a worker that has died is taken over after at most these milliseconds, and when that was found out. */
const LOCK = 10_000;
const STALLED = 5_000;

/** How a worker of a queue runs. */
export interface WorkOptions {
  /** Cells at once. */
  readonly threads: number;
  /** Ends when it has had nothing to do for so many seconds; never if absent. */
  readonly idle?: number | undefined;
  /** Once aborted, the cells at hand are finished and no others begun. */
  readonly signal: AbortSignal;
}

/** What a worker has done. */
export interface Worked {
  readonly cells: number;
  /** Traces fetched from the server. */
  readonly traces: number;
}

/**
 * Works on the cells of a queue until it is told to stop, or has nothing to do.
 *
 * @param redis `connect`
 */
export async function work(redis: Redis, options: WorkOptions): Promise<Worked> {
  const { threads, idle, signal } = options;
  const { Worker } = await import('bullmq');
  const pool = new CellThreads((checksum) => fetchWorkload(redis, checksum));
  let cells = 0;
  let running = 0;
  let latest = Date.now();
  const worker = new Worker<CellJob, CellResult>(
    queueName(),
    async ({ data }) => {
      running++;
      try {
        return await pool.run(data.workload, data.cell);
      } finally {
        running--;
        latest = Date.now();
        cells++;
      }
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null }),
      concurrency: threads,
      lockDuration: LOCK,
      stalledInterval: STALLED,
      maxStalledCount: MOST_DEATHS - 1,
    },
  );
  worker.on('error', () => {}); // It goes on when the server is back.
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      const isIdle = idle !== undefined && running === 0 && Date.now() - latest > 1000 * idle;
      if (!isIdle && !signal.aborted) return;
      clearInterval(look);
      resolve();
    }, 100);
  });
  await worker.close();
  await pool.close();
  return { cells, traces: pool.fetched };
}
