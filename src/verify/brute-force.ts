import type { RequestSequence } from '../paging/request-sequence.ts';
import { assert } from '../support/failure.ts';

/**
 * The optimum by trying every victim at every fault: dynamic programming over the contents a cache can have, kept as
 * bit masks. Knows nothing of Belady's rule, so that the two can be compared. O(T · C(n, k) · k) for n pages.
 *
 * @param sequence at most 30 pages
 * @param capacity k, a positive integer
 * @returns least faults from an empty cache, under demand paging
 *
 * @example
 * bruteForceOptimum(requestSequence('abcab'), 2); // 4
 */
export function bruteForceOptimum(sequence: RequestSequence, capacity: number): number {
  assert(sequence.pageCount <= 30, 'the contents of the cache are a mask of 30 bits');
  // Least faults so far for each content that the cache can have.
  let costs = new Map([[0, 0]]);
  for (const page of sequence.pages) {
    const bit = 1 << page;
    const after = new Map<number, number>();
    const reach = (content: number, cost: number) => {
      if (cost < (after.get(content) ?? Infinity)) after.set(content, cost);
    };
    for (const [content, cost] of costs) {
      if ((content & bit) !== 0) reach(content, cost);
      else if (bitCount(content) < capacity) reach(content | bit, cost + 1);
      else
        for (let left = content; left !== 0; left &= left - 1)
          reach((content & ~(left & -left)) | bit, cost + 1);
    }
    costs = after;
  }
  return Math.min(...costs.values());
}

function bitCount(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count++;
  return count;
}
