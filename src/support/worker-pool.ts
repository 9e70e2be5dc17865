import type { Worker } from 'node:worker_threads';
import { startWorker } from './start-worker.ts';

/** What became of a task: its result, or one line that says why there is none. */
export type Outcome<Result> = { readonly result: Result } | { readonly failure: string };

/** How a task fails that an interrupt kept from finishing. */
export const INTERRUPTED = 'interrupted';

/** Tasks for worker threads, and how to run them. */
export interface Tasks<Task, Result> {
  /** The module that each worker runs; it calls `answerTasks`. */
  readonly module: URL;
  /** Given to every worker once. Typed arrays over shared memory (`shareArray`) are not copied. */
  readonly shared: unknown;
  readonly tasks: readonly Task[];
  /** How many run at once, at least 1. */
  readonly workers: number;
  /** Once aborted, tasks that have not finished fail as `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** Told of every task that has finished, in whatever order: its index, and what became of it. */
  readonly onFinished?: (task: number, outcome: Outcome<Result>) => void;
}

/**
 * Runs tasks on worker threads and yields their outcomes in the order of the tasks, whatever the number of workers. A
 * worker that dies fails the task it was at, and another takes its place.
 *
 * @example
 * for await (const outcome of inWorkers<number, number>({ module, shared: null, tasks: [3, 4], workers: 2 })) { … }
 */
export async function* inWorkers<Task, Result>(pool: Tasks<Task, Result>): AsyncGenerator<Outcome<Result>> {
  const { module, shared, tasks, workers, signal, onFinished } = pool;
  const resolvers: ((outcome: Outcome<Result>) => void)[] = [];
  const outcomes = tasks.map((_, task) => new Promise<Outcome<Result>>((r) => (resolvers[task] = r)));
  const running = new Set<Worker>();
  let next = 0;
  const finish = (task: number, outcome: Outcome<Result>) => {
    resolvers[task](outcome);
    onFinished?.(task, outcome);
  };
  const start = () => {
    if (next >= tasks.length) return;
    const worker = startWorker(module, { workerData: shared });
    let task = next++;
    let reason = 'its worker ended before it did';
    running.add(worker);
    worker.on('message', (outcome: Outcome<Result>) => {
      finish(task, outcome);
      task = next < tasks.length ? next++ : -1;
      if (task < 0) worker.terminate();
      else worker.postMessage(tasks[task]);
    });
    worker.on('error', (error) => {
      reason = firstLine(error);
    });
    worker.on('exit', () => {
      running.delete(worker);
      if (task < 0) return;
      finish(task, { failure: reason });
      start();
    });
    worker.postMessage(tasks[task]);
  };
  const interrupt = () => {
    next = tasks.length;
    for (const resolve of resolvers) resolve({ failure: INTERRUPTED });
  };
  signal?.addEventListener('abort', interrupt);
  if (signal?.aborted === true) interrupt();
  for (let i = 0; i < workers; i++) start();
  try {
    for (const outcome of outcomes) yield await outcome;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    next = tasks.length;
    await Promise.all([...running].map((worker) => worker.terminate()));
  }
}

/** A copy of a typed array in memory that threads share. */
export function shareArray<T extends Uint8Array | Uint32Array>(array: T): T {
  const make = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new make(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** The first line of what was thrown. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
}
