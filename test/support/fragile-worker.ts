/** A worker for tests: squares a number; 13 throws, 66 ends the thread, 99 never ends. */
import { answerTasks } from '../../src/support/answer-tasks.ts';

answerTasks<Uint32Array, number, number>((shared) => (number) => {
  if (number === 13) throw new Error('thirteen\nis unlucky');
  if (number === 66) process.exit(1);
  while (number === 99) Atomics.add(shared, 1, 1);
  Atomics.add(shared, 0, 1);
  return number * number;
});
