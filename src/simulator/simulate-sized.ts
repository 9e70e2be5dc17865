import type { CatalogPolicy } from '../paging/definition.ts';
import type { Predictions } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { SizedCache } from '../paging/sized-cache.ts';
import { mostPages, type Weights } from '../paging/weights.ts';
import { assert } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { COIN_STREAM } from './simulate.ts';

/** One run of one policy on a cache of so many bytes. */
export interface SizedSimulation {
  readonly sequence: RequestSequence;
  readonly weights: Weights;
  /** One that `sizes`. */
  readonly policy: CatalogPolicy;
  /** Cache size in bytes. */
  readonly bytes: number;
  readonly predictions?: Predictions;
  readonly seed: number;
  /** Requests from here on are scored; those before warm the cache. */
  readonly from?: number;
}

/** What a run on pages of different sizes comes to. */
export interface SizedResult {
  readonly faults: number;
  readonly missedBytes: number;
  readonly faultCost: number;
  /** Those of the faults that were on pages larger than the whole cache, which are never held. */
  readonly bypasses: number;
}

/** Runs a policy where pages differ in size, and audits its structures at the end. */
export function simulateSized(simulation: SizedSimulation): SizedResult {
  const { sequence, weights, policy, bytes, predictions, seed, from = 0 } = simulation;
  assert(policy.sizes, `${policy.name} makes no sense where pages differ in size`);
  const capacity = Math.max(1, mostPages(weights.sizes, bytes));
  const random = new SeededRandom(seed + COIN_STREAM);
  const run = policy.create({ capacity, pageCount: sequence.pageCount, random, sequence, weights });
  const cache = new SizedCache(bytes, weights, run);
  cache.serve(sequence, predictions, 0, from);
  const before = { missedBytes: cache.missedBytes, faultCost: cache.faultCost, bypasses: cache.bypasses };
  const faults = cache.serve(sequence, predictions, from);
  cache.audit();
  return {
    faults,
    missedBytes: cache.missedBytes - before.missedBytes,
    faultCost: cache.faultCost - before.faultCost,
    bypasses: cache.bypasses - before.bypasses,
  };
}
