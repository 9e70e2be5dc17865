import { extname } from 'node:path';
import { INTERRUPTED, inWorkers, type Outcome, shareArray } from '../support/worker-pool.ts';
import type { Cell, CellResult, Workload } from './cell.ts';
import { BELADY, type Comparison, LRU, plan, prepare, recordWriter } from './compare.ts';
import type { FailedCell, ResultRecord } from './result.ts';

/** How a sweep is run; nothing here changes its results. */
export interface SweepOptions {
  /** Worker threads, at least 1. */
  readonly workers: number;
  /** Once aborted, only the cells that have finished are yielded. */
  readonly signal?: AbortSignal;
  /** Told how many of all cells have finished, in whatever order. */
  readonly onFinished?: (finished: number, all: number) => void;
  /** What cells came to before; nothing is remembered if absent. */
  readonly memory?: CellMemory;
  /** Runs the cells elsewhere than on worker threads of this process. */
  readonly run?: RunCells;
}

/** Remembers what cells came to, so that none is run twice. */
export interface CellMemory {
  /** Equal for cells that come to the same. */
  readonly key: (cell: Cell) => string;
  readonly find: (cell: Cell) => CellResult | undefined;
  /** Told of every cell that was run, as soon as it has finished. */
  readonly keep: (cell: Cell, result: CellResult) => void;
}

/**
 * Runs cells and yields their outcomes in the order of the cells. Tells of each that has finished, in whatever order, by its
 * index; once the signal is aborted, cells that have not finished fail as `INTERRUPTED`.
 */
export type RunCells = (
  cells: readonly Cell[],
  told: {
    readonly onFinished: (cell: number, outcome: Outcome<CellResult>) => void;
    readonly signal?: AbortSignal;
  },
) => AsyncGenerator<Outcome<CellResult>>;

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
  options: SweepOptions,
): AsyncGenerator<ResultRecord | FailedCell> {
  const cells = plan(comparison);
  const toRecords = recordWriter(comparison);
  // The capacity at which LRU or Belady's rule failed, so that the others have nothing to be measured against.
  let unmeasured = NaN;
  let index = 0;
  for await (const outcome of outcomes(comparison, cells, options)) {
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

/** What becomes of each cell, in order: remembered, or run, once for all that have the same key. */
async function* outcomes(
  comparison: Comparison,
  cells: readonly Cell[],
  { workers, signal, onFinished, memory, run = inThreads(comparison, workers) }: SweepOptions,
): AsyncGenerator<Outcome<CellResult>> {
  const known = new Map<string, Outcome<CellResult>>();
  const missing = new Map<string, Cell>();
  const keys = cells.map((cell, index) => {
    const key = memory?.key(cell) ?? String(index);
    const result = memory?.find(cell);
    if (result === undefined) missing.set(key, missing.get(key) ?? cell);
    else known.set(key, { result });
    return key;
  });
  const toRun = [...missing.values()];
  let finished = known.size;
  const all = known.size + toRun.length;
  if (finished > 0) onFinished?.(finished, all);
  const told = (cell: number, outcome: Outcome<CellResult>) => {
    if ('result' in outcome) memory?.keep(toRun[cell], outcome.result);
    onFinished?.(++finished, all);
  };
  const running =
    toRun.length === 0 ? undefined : run(toRun, { onFinished: told, ...(signal && { signal }) });
  const awaited = missing.keys();
  try {
    for (const key of keys) {
      // The order of the cells that are run is that of their first keys.
      while (!known.has(key)) {
        const next = await running?.next();
        known.set(awaited.next().value as string, next?.value as Outcome<CellResult>);
      }
      yield known.get(key) as Outcome<CellResult>;
    }
  } finally {
    await running?.return(undefined);
  }
}

/** Runs cells on worker threads of this process, which share the trace and the bits of models in memory. */
function inThreads(comparison: Comparison, workers: number): RunCells {
  return (missing, told) => {
    const { cells, workload } = prepare(comparison, missing);
    return inWorkers<Cell, CellResult>({
      module: WORKER,
      shared: shareWorkload(workload),
      tasks: cells,
      workers,
      ...told,
    });
  };
}

function failed({ trace }: Comparison, cell: Cell, failure: string): FailedCell {
  const { policy, capacity, predictions, seed } = cell;
  return { trace: trace.name, policy, capacity, predictions, seed, failure };
}

/** A workload whose arrays threads share. */
export function shareWorkload({ sequence, next, firstBlock, learned, evaluatedFrom }: Workload): Workload {
  return {
    sequence: { pages: shareArray(sequence.pages), pageCount: sequence.pageCount },
    next: shareArray(next),
    firstBlock: shareArray(firstBlock),
    learned: learned.map(shareArray),
    evaluatedFrom,
  };
}
