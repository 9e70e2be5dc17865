/**
 * Bits that are given when a request arrives, and for good, for a whole trace: what the gateway says request by request, and by what
 * training judges it.
 */
import type { Bits } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { isDiscarded, returnChance } from './cut-point.ts';
import { LiveShadowCache } from './live-shadow-cache.ts';

/**
 * For each block access the chance that the block comes back before a place costs more than it is worth, as it is known when
 * its request arrives. O(log capacity + spans) an access.
 *
 * @param sequence block accesses
 * @param first index of each request's first access, and the number of accesses at the end
 * @param time of each access in seconds, never decreasing
 * @param hazards accesses × spans, row-major (`Kernel.hazards`)
 * @param values of keeping each block (`keepValues`)
 * @param ages bounds of the spans in seconds
 * @param capacity in blocks of the cache whose places are priced
 */
export function returnChances(
  { pages, pageCount }: RequestSequence,
  first: Uint32Array,
  time: Float64Array,
  hazards: Float32Array,
  values: Float32Array,
  ages: readonly number[],
  capacity: number,
): Float32Array {
  const spans = ages.length - 1;
  const shadow = new LiveShadowCache(capacity, pageCount, ages);
  const chances = new Float32Array(pages.length);
  for (let request = 0; request + 1 < first.length; request++) {
    const [from, end] = [first[request], first[request + 1]];
    for (let i = from; i < end; i++)
      chances[i] = returnChance(hazards, values, i * spans, spans, shadow.price);
    for (let i = from; i < end; i++) shadow.request(pages[i], time[i], values, i * spans);
  }
  return chances;
}

/**
 * A cut point a request: discards each request's blocks from the first on whose chance is too small. O(accesses).
 *
 * @param chances of all accesses (`returnChances`)
 * @param first index of each request's first access, and the number of accesses at the end
 * @param enough the least chance with which a block is kept
 *
 * @example
 * cutPointBits(Float32Array.of(0.9, 0.1, 0.9), Uint32Array.of(0, 3), 0.2); // Uint8Array [0, 1, 1]
 */
export function cutPointBits(chances: Float32Array, first: Uint32Array, enough: number): Bits {
  return byRequest(chances, first, enough, (kept) => kept);
}

/** One bit a request: discards all of its blocks or none, by what stands before the cut point. O(accesses). */
export function oneBits(chances: Float32Array, first: Uint32Array, enough: number): Bits {
  return byRequest(chances, first, enough, (kept, blocks) => (isDiscarded(kept, blocks) ? 0 : blocks));
}

function byRequest(
  chances: Float32Array,
  first: Uint32Array,
  enough: number,
  keep: (kept: number, blocks: number) => number,
): Bits {
  const bits = new Uint8Array(chances.length);
  for (let request = 0; request + 1 < first.length; request++) {
    const [from, end] = [first[request], first[request + 1]];
    let cut = from;
    while (cut < end && chances[cut] >= enough) cut++;
    bits.fill(1, from + keep(cut - from, end - from), end);
  }
  return bits;
}
