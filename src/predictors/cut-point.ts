/**
 * Cut points. A block is of use only with all blocks before it, so what is predicted for a request is one point on its path:
 * the head before it is kept, the tail behind it may be discarded.
 */
import type { Bits } from '../paging/policy.ts';

/**
 * How many blocks of a request to keep, from the first on: those before the first block whose chance to be requested again, before
 * it is worth less than a place costs, is too small. Beyond it nothing is kept, since a block is of use after its head
 * alone. O(blocks × spans).
 *
 * @param hazards blocks × spans, row-major (`Kernel.hazards`)
 * @param values of keeping each block from each span of its age on, row-major (`keepValues`)
 * @param spans outputs of the model
 * @param price of a place (`LiveShadowCache`)
 * @param enough the least chance with which a block is kept (`judgementAt`)
 * @returns 0 … blocks
 *
 * @example
 * // Sure to come back in the first span; hardly ever.
 * cutPoint(Float32Array.of(1, 0.1), Float32Array.of(0.5, 0.01), 1, 0.001, 0.3); // 1
 */
export function cutPoint(
  hazards: Float32Array,
  values: Float32Array,
  spans: number,
  price: number,
  enough: number,
): number {
  const blocks = hazards.length / spans;
  for (let block = 0; block < blocks; block++) {
    if (returnChance(hazards, values, block * spans, spans, price) < enough) return block;
  }
  return blocks;
}

/** The one bit of a whole request: whether less than half of its blocks is worth keeping. */
export function isDiscarded(keptBlocks: number, blocks: number): boolean {
  return 2 * keptBlocks < blocks;
}

/**
 * The chance that a block is requested again before it is worth less than a place costs. O(spans).
 *
 * @param row index of the block's first hazard and value
 */
export function returnChance(
  hazards: Float32Array,
  values: Float32Array,
  row: number,
  spans: number,
  price: number,
): number {
  let away = 1;
  for (let i = row; i < row + spans && values[i] >= price; i++) away *= 1 - hazards[i];
  return 1 - away;
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
