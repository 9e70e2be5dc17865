import { Cache } from '../paging/cache.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import type { Predictions } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { SeededRandom } from '../support/random.ts';

/** One run of one policy on one cache. */
export interface Simulation {
  readonly sequence: RequestSequence;
  readonly policy: CatalogPolicy;
  /** Cache size in pages. */
  readonly capacity: number;
  /** One per request; left out for a policy that needs nothing. */
  readonly predictions?: Predictions;
  /** Of the policy's coins. */
  readonly seed: number;
  /** Requests `from … to − 1` are scored; those before warm the cache. Everything if absent. */
  readonly from?: number;
  readonly to?: number;
}

/** Separates the coins of policies from those of predictions, which use the seed as it is. */
export const COIN_STREAM = 0x636f696e;

/**
 * Runs a policy and audits its structures at the end.
 *
 * @returns faults among the scored requests
 */
export function simulate({
  sequence,
  policy,
  capacity,
  predictions,
  seed,
  from = 0,
  to,
}: Simulation): number {
  const random = new SeededRandom(seed + COIN_STREAM);
  const run = policy.create({ capacity, pageCount: sequence.pageCount, random, sequence });
  const cache = new Cache(capacity, sequence.pageCount, run);
  cache.serve(sequence, predictions, 0, from);
  const faults = cache.serve(sequence, predictions, from, to);
  cache.audit();
  return faults;
}
