/**
 * Bits for the blocks of a prefix. A block is of use only with all blocks before it, so what is predicted for a request is one
 * cut point on its path: the head before it is kept, the tail behind it may be discarded.
 */
import type { Bits } from '../paging/policy.ts';

/**
 * One bit for each block of a path: keep, 0, for the first `kept` blocks, discard, 1, for the others.
 *
 * @param blocks length of the path
 * @param kept blocks before the cut point; 0 discards all, and whatever is not below `blocks` keeps all
 *
 * @example
 * cutPointBits(4, 3); // Uint8Array [0, 0, 0, 1]
 */
export function cutPointBits(blocks: number, kept: number): Bits {
  return new Uint8Array(blocks).fill(1, Math.max(0, kept));
}

/**
 * Replaces the bits of each path by those of the cut point from which the fewest of them differ, of several the one that keeps
 * most. Bits that a noisy predictor gave block by block are repaired so: a single wrong discard near the head would
 * else count for nothing or, if the tail followed it, for the whole path. O(bits).
 *
 * @param bits of all paths, one path after the other; left as they are
 * @param first index of each path's first bit, and the number of bits at the end
 *
 * @example
 * fitCutPoints(Uint8Array.of(0, 1, 0, 0, 1, 0), Uint32Array.of(0, 6)); // Uint8Array [0, 0, 0, 0, 0, 0]
 */
export function fitCutPoints(bits: Bits, first: Uint32Array): Bits {
  const fitted = new Uint8Array(bits.length);
  for (let path = 0; path + 1 < first.length; path++) {
    // Discards kept minus keeps discarded, as the cut moves from the head to the tail.
    let [balance, least, cut] = [0, 0, first[path]];
    for (let i = first[path]; i < first[path + 1]; i++) {
      balance += bits[i] === 1 ? 1 : -1;
      if (balance > least) continue;
      least = balance;
      cut = i + 1;
    }
    fitted.fill(1, cut, first[path + 1]);
  }
  return fitted;
}
