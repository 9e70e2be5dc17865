import { nextRequests } from '../paging/belady.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import { assert } from '../support/failure.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { type Cell, type CellResult, CellRunner, type Workload } from './cell.ts';
import {
  formatPredictions,
  isLearned,
  isRandom,
  type PredictionSource,
  parsePredictions,
} from './predictions.ts';
import type { ResultRecord } from './result.ts';

/** Policies × capacities × predictions × seeds on one trace. */
export interface Comparison {
  readonly trace: ServingTrace;
  readonly policies: readonly CatalogPolicy[];
  /** Cache sizes in blocks. */
  readonly capacities: readonly number[];
  /** Each policy that takes predictions is run once with each of these. */
  readonly predictions: readonly PredictionSource[];
  /** The pages whose bits a model lets turn, for a capacity, a seed and predictions as `formatPredictions` writes them; needed where `isLearned`. */
  readonly learned?: (capacity: number, seed: number, predictions: string) => Uint32Array;
  /** Of coins and of noise. What has neither is run with the first one only. */
  readonly seeds: readonly number[];
  /** Index of the first scored block access. */
  readonly evaluatedFrom: number;
}

/** The policies that every other one is measured against; the first two cells of each capacity. */
export const LRU = 'lru';
export const BELADY = 'belady';

/**
 * Runs a comparison, one record at a time: at each capacity LRU and Belady's rule, which every other record is measured
 * against, then the other policies in the order given.
 */
export function* compare(comparison: Comparison): Generator<ResultRecord> {
  const { cells, workload } = prepare(comparison, plan(comparison));
  const runner = new CellRunner(workload);
  const toRecords = recordWriter(comparison);
  for (const cell of cells) yield* toRecords(cell, runner.run(cell));
}

/** The cells of a comparison in the order of their records. */
export function plan({ policies, capacities, predictions, seeds }: Omit<Comparison, 'trace'>): Cell[] {
  const others = policies.filter(({ name }) => name !== LRU && name !== BELADY);
  const cells: Cell[] = [];
  for (const capacity of capacities) {
    for (const policy of [LRU, BELADY]) cells.push({ policy, capacity, predictions: 'none', seed: seeds[0] });
    for (const { name: policy, needs, randomised } of others) {
      for (const source of needs === 'nothing' ? [undefined] : predictions) {
        const isSeeded = randomised || (source !== undefined && isRandom(source));
        const text = source === undefined ? 'none' : formatPredictions(source);
        for (const seed of isSeeded ? seeds : seeds.slice(0, 1))
          cells.push({ policy, capacity, predictions: text, seed });
      }
    }
  }
  return cells;
}

/**
 * Makes what cells of a comparison need, the bits of models among it: what a cell must not be run without.
 *
 * @param cells of `plan`, some or all
 * @returns the cells, each with the place of its bits in the workload
 */
export function prepare(
  { trace, learned, evaluatedFrom }: Pick<Comparison, 'trace' | 'learned' | 'evaluatedFrom'>,
  cells: readonly Cell[],
): { cells: Cell[]; workload: Workload } {
  const made: Uint32Array[] = [];
  const indices = new Map<string, number>();
  const learnedFor = ({ capacity, seed, predictions }: Cell): number => {
    const key = `${capacity} ${seed} ${predictions}`;
    const known = indices.get(key);
    if (known !== undefined) return known;
    assert(learned !== undefined, 'bits of a model are asked for, and there is no model');
    const index = made.push(learned(capacity, seed, predictions)) - 1;
    indices.set(key, index);
    return index;
  };
  const sequence = trace.blocks;
  return {
    cells: cells.map((cell) => (takesLearned(cell) ? { ...cell, learned: learnedFor(cell) } : cell)),
    workload: {
      sequence,
      next: nextRequests(sequence),
      firstBlock: trace.firstBlock,
      learned: made,
      evaluatedFrom,
    },
  };
}

/** Whether a cell takes the bits of a model. */
function takesLearned({ predictions }: Cell): boolean {
  return predictions !== 'none' && isLearned(parsePredictions(predictions));
}

/**
 * Turns what the cells of a comparison come to into records, given in the order of `plan`. A record says how it compares
 * with LRU and with Belady's rule, so that of LRU waits for that of Belady's rule.
 *
 * @returns a function that gives the records complete with a cell: none, one or two
 */
export function recordWriter({
  trace,
  evaluatedFrom,
}: Comparison): (cell: Cell, result: CellResult) => ResultRecord[] {
  const requests = trace.blocks.pages.length - evaluatedFrom;
  let lru: { cell: Cell; result: CellResult } | undefined;
  let optFaults = NaN;
  const record = (cell: Cell, { faults, eta0, eta1 }: CellResult): ResultRecord => {
    const lruFaults = lru?.result.faults ?? NaN;
    return {
      trace: trace.name,
      policy: cell.policy,
      capacity: cell.capacity,
      predictions: cell.predictions,
      seed: cell.seed,
      requests,
      faults,
      hitRatio: 1 - faults / requests,
      optFaults,
      faultRatio: faults / optFaults,
      gapClosed: lruFaults === optFaults ? null : (lruFaults - faults) / (lruFaults - optFaults),
      eta0,
      eta1,
      evaluatedFrom,
    };
  };
  return (cell, result) => {
    if (cell.policy === LRU) {
      lru = { cell, result };
      return [];
    }
    if (cell.policy !== BELADY || lru === undefined) return [record(cell, result)];
    optFaults = result.faults;
    return [record(lru.cell, lru.result), record(cell, result)];
  };
}
