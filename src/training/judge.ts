import type { FeatureMatrix } from '../features/block-features.ts';
import type { Bits } from '../paging/policy.ts';
import { prefix } from '../paging/request-sequence.ts';
import { keepValues } from '../predictors/keep-value.ts';
import { Kernel } from '../predictors/kernel.ts';
import type { Judgement, Model } from '../predictors/model.ts';
import { cutPointBits, oneBits, returnChances } from '../predictors/request-bits.ts';
import { lateDiscards } from '../predictors/shadow-cache.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';

/** Chances to come back in time that are tried as the least with which a block is kept. */
export const THRESHOLDS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8] as const;

/** Bits as they are simulated; where nothing is given, all are 0 and stay so, which is LRU. */
export interface GivenBits {
  /** For each access its bit at the request. */
  readonly predictions?: Bits;
  /** For each access the block whose bit turns 1 just before it. */
  readonly late?: Uint32Array;
}

/** Faults of the policy that will use the bits, on accesses `from … to − 1` after a warm-up. */
export type CountFaults = (capacity: number, from: number, to: number, bits?: GivenBits) => number;

/**
 * What a model's bits are worth at each capacity on requests that it was not fitted to: whether bits that turn later save faults,
 * and the threshold with which a cut point and one bit a request save most, the one that keeps most of several. The chances are
 * computed once for all. O(accesses × log capacity × capacities × thresholds).
 *
 * @param matrix features of at least the accesses that are judged
 * @param fitRequests the model was fitted to so many requests
 * @param requests those up to this one are judged
 * @param capacities in blocks
 */
export function judge(
  model: Model,
  trace: ServingTrace,
  matrix: FeatureMatrix,
  fitRequests: number,
  requests: number,
  capacities: readonly number[],
  faults: CountFaults,
): Judgement[] {
  const { ages } = model.header;
  const first = trace.firstBlock.subarray(0, requests + 1);
  const [from, to] = [first[fitRequests], first[requests]];
  const sequence = prefix(trace.blocks, to);
  const time = accessTimes(trace);
  const hazards = new Kernel(model).hazards(matrix.values);
  const values = keepValues(hazards, ages);
  return capacities.map((capacity) => {
    const none = faults(capacity, from, to);
    const late = lateDiscards(sequence, time, values, ages, capacity);
    const chances = returnChances(sequence, first, time, hazards, values, ages, capacity);
    const best = (bitsFrom: typeof oneBits) => {
      let [least, threshold]: [number, number | null] = [none, null];
      for (const enough of THRESHOLDS) {
        const found = faults(capacity, from, to, { predictions: bitsFrom(chances, first, enough) });
        if (found < least) [least, threshold] = [found, enough];
      }
      return threshold;
    };
    const pays = faults(capacity, from, to, { late }) < none;
    return { capacity, pays, cutPoints: best(cutPointBits), oneBit: best(oneBits) };
  });
}
