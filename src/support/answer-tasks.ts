import { parentPort, workerData } from 'node:worker_threads';
import { firstLine, type Outcome } from './worker-pool.ts';

/**
 * The inside of a worker of `inWorkers`: answers one task after the other.
 *
 * @param prepare called once with what all workers share; returns the function that does one task. What that function
 *   throws fails the task and not the worker.
 */
export function answerTasks<Shared, Task, Result>(prepare: (shared: Shared) => (task: Task) => Result): void {
  const answer = prepare(workerData as Shared);
  parentPort?.on('message', (task: Task) => parentPort?.postMessage(outcomeOf(() => answer(task))));
}

function outcomeOf<Result>(work: () => Result): Outcome<Result> {
  try {
    return { result: work() };
  } catch (error) {
    return { failure: firstLine(error) };
  }
}
