import { findPolicy } from '../policies/find-policy.ts';
import { BELADY, LRU } from '../simulator/compare.ts';
import { type PredictionSource, parsePredictions } from '../simulator/predictions.ts';
import type { StoredRecord } from '../simulator/result.ts';
import { canonicalPolicy, canonicalPredictions, shortPolicy } from './cell-key.ts';
import type { FoundCell, StoredCell } from './result-store.ts';

/** Which cells are wanted; all if nothing is said. Several values of one kind mean any of them. */
export interface Query {
  /** Policy expressions, in any spelling. */
  readonly policies?: readonly string[];
  readonly capacities?: readonly number[];
  /** Predictions in any spelling, or `none`; `train` and `model` both mean the bits of any model. */
  readonly predictions?: readonly string[];
  /** Part of the name of a trace, or the beginning of its checksum. */
  readonly trace?: string;
}

/**
 * The records of a store that a query asks for, ordered by trace, scored part, capacity, policy, predictions, seed and model, in whatever order they were stored. Of a cell that was run by several versions of the code only the newest counts.
 *
 * @throws Failure for a policy or predictions that cannot be read
 */
export function queryStore(cells: readonly FoundCell[], query: Query): StoredRecord[] {
  const newest = new Map<string, FoundCell>();
  const yardsticks = new Map<string, number>();
  const faultsOf = (policy: string, { trace, evaluatedFrom, capacity }: StoredCell) =>
    yardsticks.get(JSON.stringify([policy, trace, evaluatedFrom, capacity]));
  for (const found of cells) {
    const { trace, evaluatedFrom, policy, capacity, predictions, model, seed, faults } = found.cell;
    newest.set(JSON.stringify([trace, evaluatedFrom, policy, capacity, predictions, model, seed]), found);
    // Those of LRU and Belady's rule are looked up; the newest come last here, too.
    yardsticks.set(JSON.stringify([policy, trace, evaluatedFrom, capacity]), faults);
  }
  const wanted = matcher(query);
  return [...newest.values()]
    .filter(({ cell }) => wanted(cell))
    .map((found) => record(found, faultsOf(LRU, found.cell), faultsOf(BELADY, found.cell)))
    .sort(
      (a, b) =>
        compareText(a.trace, b.trace) ||
        compareText(a.traceChecksum, b.traceChecksum) ||
        a.evaluatedFrom - b.evaluatedFrom ||
        a.capacity - b.capacity ||
        rank(a) - rank(b) ||
        compareText(a.policy, b.policy) ||
        compareText(a.predictions, b.predictions) ||
        (a.seed ?? 0) - (b.seed ?? 0) ||
        compareText(a.model ?? '', b.model ?? ''),
    );
}

function matcher({ policies, capacities, predictions, trace }: Query): (cell: StoredCell) => boolean {
  const names = policies?.map((policy) => canonicalPolicy(findPolicy(policy).name));
  const sources = predictions?.map((text) => (text === 'none' ? text : canonical(parsePredictions(text))));
  return (cell) =>
    (names?.includes(cell.policy) ?? true) &&
    (capacities?.includes(cell.capacity) ?? true) &&
    (sources?.includes(cell.predictions) ?? true) &&
    (trace === undefined || cell.traceName.includes(trace) || cell.trace.startsWith(trace));
}

function canonical(source: PredictionSource): string {
  return source.kind === 'train' || source.kind === 'model' ? 'model' : canonicalPredictions(source);
}

function record(
  { cell, origin }: FoundCell,
  lruFaults: number | undefined,
  optFaults: number | undefined,
): StoredRecord {
  const { requests, faults } = cell;
  const gap = lruFaults === undefined || optFaults === undefined ? 0 : lruFaults - optFaults;
  return {
    trace: cell.traceName,
    policy: shortPolicy(cell.policy),
    capacity: cell.capacity,
    predictions: cell.predictions,
    seed: cell.seed,
    requests,
    faults,
    hitRatio: 1 - faults / requests,
    optFaults: optFaults ?? null,
    faultRatio: optFaults === undefined ? null : faults / optFaults,
    gapClosed: gap === 0 || lruFaults === undefined ? null : (lruFaults - faults) / gap,
    eta0: cell.eta0,
    eta1: cell.eta1,
    evaluatedFrom: cell.evaluatedFrom,
    traceChecksum: cell.trace,
    model: cell.model,
    key: cell.key,
    started: origin.started,
    version: origin.version,
    commit: origin.commit,
    machine: origin.machine,
  };
}

/** LRU comes first, Belady's rule last. */
function rank({ policy }: StoredRecord): number {
  return policy === LRU ? -1 : policy === BELADY ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
