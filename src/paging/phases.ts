import type { RequestSequence } from './request-sequence.ts';

/**
 * The k-phase of each request, numbered from 0. A phase is a maximal run of requests with at most k distinct pages: the
 * (k + 1)-st distinct page opens the next one, so a phase never opens on a page already seen in the current one
 * (Borodin and El-Yaniv, *Online Computation and Competitive Analysis*, section 3.5). O(T).
 *
 * @param capacity k, a positive integer
 *
 * @example
 * phases({ pages: Uint32Array.of(0, 1, 0, 2, 2), pageCount: 3 }, 2); // Uint32Array [0, 0, 0, 1, 1]
 */
export function phases(sequence: RequestSequence, capacity: number): Uint32Array {
  const { pages, pageCount } = sequence;
  const result = new Uint32Array(pages.length);
  // One more than the last phase that requested the page, so that 0 means never.
  const seen = new Uint32Array(pageCount);
  let phase = 0;
  let distinct = 0;
  for (let i = 0; i < pages.length; i++) {
    if (seen[pages[i]] !== phase + 1) {
      if (distinct === capacity) {
        phase++;
        distinct = 0;
      }
      distinct++;
      seen[pages[i]] = phase + 1;
    }
    result[i] = phase;
  }
  return result;
}
