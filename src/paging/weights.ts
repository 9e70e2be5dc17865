import { assert } from '../support/failure.ts';

/** Sizes of pages in bytes and what a fault on each costs, where they differ. */
export interface Weights {
  /** One a page, positive. */
  readonly sizes: Uint32Array;
  /** One a page, ≥ 0; what 1 stands for is up to the caller. */
  readonly costs: Float64Array;
}

/** Every fault costs 1. */
export function unitCosts(sizes: Uint32Array): Weights {
  return { sizes, costs: new Float64Array(sizes.length).fill(1) };
}

/**
 * How many pages a cache can hold at most: as many as fit when the smallest come first. O(n log n).
 *
 * @param bytes capacity of the cache
 *
 * @example
 * mostPages(Uint32Array.of(5, 2, 2), 6); // 2
 */
export function mostPages(sizes: Uint32Array, bytes: number): number {
  assert(bytes > 0, 'the capacity is not positive');
  let left = bytes;
  let count = 0;
  for (const size of sizes.slice().sort()) {
    if (size > left) break;
    left -= size;
    count++;
  }
  return count;
}
