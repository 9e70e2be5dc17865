import type { FeatureMatrix } from '../features/block-features.ts';
import { NO_PAGE } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { judgementAt } from './judgement.ts';
import { keepValues } from './keep-value.ts';
import { Kernel } from './kernel.ts';
import type { Model } from './model.ts';
import { lateDiscards } from './shadow-cache.ts';

/**
 * A model's bits for any capacity: every bit is 0 (keep) at its request, and later turns 1 or not (`lateDiscards`). Where
 * the model did not pay on held-out requests at the judged capacity nearest to the one asked for, no bit turns.
 *
 * @param matrix features of the accesses
 * @param sequence block accesses, no more than the rows of the matrix
 * @param time of each access in seconds
 * @returns a function of the capacity: for each access the block whose bit turns 1 just before it, or `NO_PAGE`
 */
export function learnedDiscards(
  model: Model,
  matrix: FeatureMatrix,
  sequence: RequestSequence,
  time: Float64Array,
): (capacity: number) => Uint32Array {
  const { ages } = model.header;
  const values = keepValues(new Kernel(model).hazards(matrix.values), ages);
  return (capacity) => {
    if (!judgementAt(model, capacity).pays) return new Uint32Array(sequence.pages.length).fill(NO_PAGE);
    return lateDiscards(sequence, time, values, ages, capacity);
  };
}

/**
 * What became of the bits: 1 where the bit of an access had turned before the block was next requested. O(accesses).
 *
 * @param late for each access the block whose bit turns 1 just before it, or `NO_PAGE`
 */
export function settledBits({ pages, pageCount }: RequestSequence, late: Uint32Array): Uint8Array {
  const bits = new Uint8Array(pages.length);
  const latest = new Uint32Array(pageCount);
  for (let step = 0; step < pages.length; step++) {
    if (late[step] !== NO_PAGE) bits[latest[late[step]]] = 1;
    latest[pages[step]] = step;
  }
  return bits;
}
