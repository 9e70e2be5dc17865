/** The inside of one worker thread of a sweep. */
import { answerTasks } from '../support/answer-tasks.ts';
import { type Cell, type CellResult, CellRunner, type Workload } from './cell.ts';

answerTasks<Workload, Cell, CellResult>((workload) => {
  const runner = new CellRunner(workload);
  return (cell) => runner.run(cell);
});
