import { extname } from 'node:path';
import { INTERRUPTED, inWorkers, shareArray } from '../support/worker-pool.ts';
import type { Cell, CellResult, Workload } from './cell.ts';
import { BELADY, type Comparison, LRU, plan, recordWriter } from './compare.ts';
import type { FailedCell, ResultRecord } from './result.ts';

/** How a sweep is run; nothing here changes its results. */
export interface SweepOptions {
  /** Worker threads, at least 1. */
  readonly workers: number;
  /** Once aborted, only the cells that have finished are yielded. */
  readonly signal?: AbortSignal;
  /** Told how many of all cells have finished, in whatever order. */
  readonly onFinished?: (finished: number, all: number) => void;
}

const UNMEASURED = 'lru or belady failed at this capacity, so there is no measure';

// The worker is compiled where this file is.
const WORKER = new URL(`./cell-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Runs a comparison on worker threads, which share the trace in memory. Yields what `compare` yields, in the same order,
 * whatever the number of workers; a cell that throws, or whose worker dies, fails alone.
 *
 * @example
 * for await (const record of sweep(comparison, { workers: 2 })) console.log(JSON.stringify(record));
 */
export async function* sweep(
  comparison: Comparison,
  { workers, signal, onFinished }: SweepOptions,
): AsyncGenerator<ResultRecord | FailedCell> {
  const { cells, workload } = plan(comparison);
  const toRecords = recordWriter(comparison);
  const outcomes = inWorkers<Cell, CellResult>({
    module: WORKER,
    shared: shared(workload),
    tasks: cells,
    workers,
    ...(signal && { signal }),
    onFinished: (finished) => onFinished?.(finished, cells.length),
  });
  // The capacity at which LRU or Belady's rule failed, so that the others have nothing to be measured against.
  let unmeasured = NaN;
  let index = 0;
  for await (const outcome of outcomes) {
    const cell = cells[index++];
    if ('result' in outcome) {
      if (cell.capacity === unmeasured) yield failed(comparison, cell, UNMEASURED);
      else yield* toRecords(cell, outcome.result);
    } else if (outcome.failure !== INTERRUPTED) {
      if (cell.policy === BELADY && cell.capacity !== unmeasured) {
        yield failed(comparison, cells[index - 2], UNMEASURED);
      }
      if (cell.policy === LRU || cell.policy === BELADY) unmeasured = cell.capacity;
      yield failed(comparison, cell, outcome.failure);
    }
  }
}

function failed({ trace }: Comparison, cell: Cell, failure: string): FailedCell {
  const { policy, capacity, predictions, seed } = cell;
  return { trace: trace.name, policy, capacity, predictions, seed, failure };
}

function shared({ sequence, next, firstBlock, learned, evaluatedFrom }: Workload): Workload {
  return {
    sequence: { pages: shareArray(sequence.pages), pageCount: sequence.pageCount },
    next: shareArray(next),
    firstBlock: shareArray(firstBlock),
    learned: learned.map(shareArray),
    evaluatedFrom,
  };
}
