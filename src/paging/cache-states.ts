/**
 * Predicted cache states: for each request the page that some cache gives up at it, or `NO_PAGE`. That tells the whole
 * state, since a cache that evicts only at its faults holds every requested page until it gives the page up. The kind of
 * Antoniadis, Coester, Eliáš, Polak and Simon, *Online metric algorithms with untrusted predictions*, ICML 2020, arXiv
 * 2003.02144, who derive wrong states as here: by following wrong next arrivals.
 */
import { Belady, nextRequests } from './belady.ts';
import { Cache } from './cache.ts';
import { NO_PAGE, type Policy, type Predictions } from './policy.ts';
import type { RequestSequence } from './request-sequence.ts';

/** A cache that remembers the last page it gave up. */
class WatchedCache extends Cache {
  left = NO_PAGE;

  protected override leave(slot: number): number {
    this.left = super.leave(slot);
    return this.left;
  }
}

/**
 * The states of the cache that a policy runs. One run of the policy.
 *
 * @param policy a fresh run that empties slots only at faults
 * @param predictions what that policy needs, one per request
 *
 * @example
 * const states = cacheStates(sequence, 10, new FollowThePrediction(10), noisyArrivals(arrivals, 5, random));
 */
export function cacheStates(
  { pages, pageCount }: RequestSequence,
  capacity: number,
  policy: Policy,
  predictions: Predictions,
): Float64Array {
  const cache = new WatchedCache(capacity, pageCount, policy);
  const states = new Float64Array(pages.length);
  for (let step = 0; step < pages.length; step++) {
    cache.left = NO_PAGE;
    cache.request(pages[step], predictions[step]);
    states[step] = cache.left;
  }
  return states;
}

/**
 * The true states: those of Belady's rule.
 *
 * @param capacity k, a positive integer
 * @param next `nextRequests(sequence)`, where the caller has it already
 *
 * @example
 * perfectStates({ pages: Uint32Array.of(0, 1, 0), pageCount: 2 }, 1); // Float64Array [NO_PAGE, 0, 1]
 */
export function perfectStates(
  sequence: RequestSequence,
  capacity: number,
  next = nextRequests(sequence),
): Float64Array {
  const nothing = new Uint8Array(sequence.pages.length);
  return cacheStates(sequence, capacity, new Belady(capacity, sequence, next), nothing);
}
