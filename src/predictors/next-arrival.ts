/**
 * Predicted next arrivals: for each request the step, counted from 0, at which its page is expected again. Policies only
 * compare them. The kinds of Antoniadis, Coester, Eliáš, Polak and Simon, *Online metric algorithms with untrusted
 * predictions*, ICML 2020, arXiv 2003.02144, so that published figures can be reproduced.
 */
import { nextRequests } from '../paging/belady.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import type { SeededRandom } from '../support/random.ts';

/**
 * A page that never comes back is predicted at this many lengths of the sequence: finite, as in the published
 * experiments, so that strong noise can place other pages beyond it.
 */
const NEVER = 10_000;

/**
 * The true next arrivals. O(T).
 *
 * @param next `nextRequests(sequence)`, where the caller has it already
 *
 * @example
 * perfectArrivals({ pages: Uint32Array.of(0, 1, 0), pageCount: 2 }); // Float64Array [2, 30000, 30000]
 */
export function perfectArrivals(sequence: RequestSequence, next = nextRequests(sequence)): Float64Array {
  return Float64Array.from(next, (step) => (step === next.length ? NEVER * next.length : step));
}

/**
 * Adds independent log-normal noise with parameters 0 and σ to each arrival: with σ = 0 all are one step late, which
 * changes no comparison.
 *
 * @param sigma standard deviation of the logarithm of the noise, ≥ 0; noise too large for a number is infinite
 */
export function noisyArrivals(arrivals: Float64Array, sigma: number, random: SeededRandom): Float64Array {
  return arrivals.map((arrival) => arrival + Math.exp(sigma * random.normal()));
}

/**
 * POPU, popularity: a page that had a share s of the requests so far is expected after 1/s more. Causal. O(T).
 */
export function popularityArrivals({ pages, pageCount }: RequestSequence): Float64Array {
  const count = new Uint32Array(pageCount);
  return Float64Array.from(pages, (page, step) => step + (step + 1) / ++count[page]);
}

/**
 * PLECO (Anderson, Kumar, Tomkins and Vassilvitskii, *The dynamics of repeat consumption*, WWW 2014): the probability p
 * that a page is next is the sum of weights of its requests among the weights of all, where a request n steps ago, the
 * present one counting as n = 1, weighs (n + 10)^−1.8 · e^(−n/670); it is expected after 1/p steps. The constants were
 * fitted to Brightkite. Causal. O(T + Σ over requests of earlier requests to the same page).
 */
export function plecoArrivals({ pages, pageCount }: RequestSequence): Float64Array {
  const weights = Float64Array.from(pages, (_, i) => (i + 11) ** -1.8 * Math.exp(-(i + 1) / 670));
  const earlier: number[][] = Array.from({ length: pageCount }, () => []);
  let total = 0;
  return Float64Array.from(pages, (page, step) => {
    total += weights[step];
    earlier[page].push(step);
    let own = 0;
    for (const request of earlier[page]) own += weights[step - request];
    return step + total / own - 1;
  });
}
