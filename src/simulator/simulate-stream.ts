import { Cache } from '../paging/cache.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import { assert } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { COIN_STREAM } from './simulate.ts';

/** One run of one online policy on requests that need not be in memory together. */
export interface StreamSimulation {
  /** The requests in order, in chunks that may use the same memory. */
  readonly chunks: Iterable<Uint32Array>;
  /** Size of the universe of pages. */
  readonly pageCount: number;
  /** Online, and needing nothing: predictions would have to be in memory. */
  readonly policy: CatalogPolicy;
  /** Cache size in pages. */
  readonly capacity: number;
  readonly seed: number;
}

/**
 * Runs a policy as `simulate` does, with the same result. Memory: what the policy and the cache take for the universe and
 * the capacity, whatever the number of requests.
 *
 * @returns faults
 */
export function simulateStream({ chunks, pageCount, policy, capacity, seed }: StreamSimulation): number {
  assert(canStream(policy), 'the policy needs the future or predictions');
  const random = new SeededRandom(seed + COIN_STREAM);
  const sequence = { pages: new Uint32Array(0), pageCount };
  const cache = new Cache(capacity, pageCount, policy.create({ capacity, pageCount, random, sequence }));
  for (const pages of chunks) cache.serve({ pages, pageCount });
  cache.audit();
  return cache.faults;
}

/** Whether a policy can run on a stream. */
export function canStream({ offline, needs }: CatalogPolicy): boolean {
  return !offline && needs === 'nothing';
}
