import { leastFaultCost } from '../paging/cost-bound.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { unitCosts, type Weights } from '../paging/weights.ts';
import type { WeightedRecord } from './result.ts';
import { simulateSized } from './simulate-sized.ts';

/** Policies × capacities on one trace whose pages differ in size, in what a fault costs, or in both. */
export interface WeightedComparison {
  /** Name of the trace. */
  readonly name: string;
  readonly sequence: RequestSequence;
  /** In bytes, one a page; `undefined` where all pages are of one size. */
  readonly sizes: Uint32Array | undefined;
  /** One a page; `undefined` where every fault costs the same. */
  readonly costs: Float64Array | undefined;
  /** Each one that `takesWeights`. */
  readonly policies: readonly CatalogPolicy[];
  /** In bytes; in pages where all are of one size. */
  readonly capacities: readonly number[];
  /** Of coins. */
  readonly seed: number;
}

/** Whether a policy makes sense where pages differ in size, and needs no predictions, which are made for pages of one size. */
export function takesWeights({ sizes, needs }: CatalogPolicy): boolean {
  return sizes && needs === 'nothing';
}

/** Runs a comparison, one record at a time: capacity by capacity, policies in the order given. */
export function* compareWeighted(comparison: WeightedComparison): Generator<WeightedRecord> {
  const { name, sequence, sizes, costs, policies, capacities, seed } = comparison;
  const heights = sizes ?? new Uint32Array(sequence.pageCount).fill(1);
  const weights: Weights = costs === undefined ? unitCosts(heights) : { sizes: heights, costs };
  const requests = sequence.pages.length;
  const requestedBytes =
    sizes === undefined ? null : sequence.pages.reduce((sum, page) => sum + sizes[page], 0);
  for (const capacity of capacities) {
    const bounds = {
      faultsBound: least(sequence, unitCosts(heights), capacity),
      missedBytesBound: sizes && least(sequence, { sizes, costs: Float64Array.from(sizes) }, capacity),
      faultCostBound: costs && leastFaultCost(sequence, weights, capacity),
    };
    for (const policy of policies) {
      const result = simulateSized({ sequence, weights, policy, bytes: capacity, seed });
      const missRatio = result.faults / requests;
      const byteMissRatio = requestedBytes === null ? null : result.missedBytes / requestedBytes;
      yield {
        trace: name,
        policy: policy.name,
        capacity,
        unit: sizes === undefined ? 'pages' : 'bytes',
        seed,
        requests,
        faults: result.faults,
        missRatio,
        hitRatio: 1 - missRatio,
        requestedBytes,
        missedBytes: requestedBytes === null ? null : result.missedBytes,
        byteMissRatio,
        byteHitRatio: byteMissRatio === null ? null : 1 - byteMissRatio,
        faultCost: costs === undefined ? null : result.faultCost,
        bypasses: result.bypasses,
        faultsBound: bounds.faultsBound,
        missedBytesBound: bounds.missedBytesBound ?? null,
        faultCostBound: bounds.faultCostBound ?? null,
      };
    }
  }
}

/** A bound on what comes in whole numbers is rounded up, after a share that the arithmetic may have lost. */
function least(sequence: RequestSequence, weights: Weights, capacity: number): number {
  return Math.ceil(leastFaultCost(sequence, weights, capacity) * (1 - 1e-9));
}
