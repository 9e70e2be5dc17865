import { Cache } from '../paging/cache.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import type { Predictions } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { expectation } from './coin-tree.ts';

/**
 * The exact expected number of faults of a policy from an empty cache; a deterministic policy is one leaf.
 *
 * @param capacity k, a positive integer
 * @param predictions one per request, or `undefined` for a policy that needs nothing
 * @param maximumLeaves most runs to try, see `expectation`
 *
 * @example
 * expectedFaults(findPolicy('marker'), 2, requestSequence('abcab')); // 4.5
 */
export function expectedFaults(
  policy: CatalogPolicy,
  capacity: number,
  sequence: RequestSequence,
  predictions?: Predictions,
  maximumLeaves?: number,
): number {
  const { pageCount } = sequence;
  return expectation(
    (random) =>
      new Cache(capacity, pageCount, policy.create({ capacity, pageCount, random, sequence })).serve(
        sequence,
        predictions,
      ),
    maximumLeaves,
  );
}
