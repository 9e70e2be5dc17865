/**
 * Segmented LRU: the cache is cut into segments, each least recently used first. A hit moves a page to the end of the next
 * segment, and the first page of a segment that has grown too large back to the end of the one below. The first page of the
 * lowest segment that holds any leaves. A page is loaded into the lowest segment with room, else into the lowest (Karedla,
 * Love and Wherry, *Caching strategies to improve disk system performance*, IEEE Computer 1994, with two segments;
 * four here, as libCacheSim has). O(segments) a request; there are no ties.
 *
 * Departures: k that is no multiple of the number of segments leaves the rest to the lowest one; where every page of
 * the lowest segment is protected, the next one gives the victim.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import { wholeNumber } from './parameters.ts';

export class Slru implements Policy {
  private readonly segments: LinkedLists;
  private readonly segmentOf: Uint8Array;
  private readonly sizes: Int32Array;
  private readonly counts: Int32Array;
  private readonly top: number;

  /**
   * @param capacity k
   * @param sizes slots of each segment, lowest first; all but the lowest at least 1
   * @param segments k integers in lists, of which the first are the segments; others can be those of the owner
   */
  constructor(
    capacity: number,
    sizes: Int32Array,
    segments: LinkedLists = new LinkedLists(capacity, sizes.length),
  ) {
    this.segments = segments;
    this.segmentOf = new Uint8Array(capacity);
    this.sizes = sizes;
    this.counts = new Int32Array(sizes.length);
    this.top = sizes.length - 1;
  }

  hit(slot: number): void {
    const segment = this.segmentOf[slot];
    if (segment === this.top) {
      this.segments.moveToEnd(segment, slot);
      return;
    }
    this.move(slot, segment + 1);
    for (let above = segment + 1; above > 0 && this.counts[above] > this.sizes[above]; above--) {
      this.move(this.segments.first(above), above - 1);
    }
  }

  load(slot: number): void {
    let segment = 0;
    while (segment <= this.top && this.counts[segment] >= this.sizes[segment]) segment++;
    if (segment > this.top) segment = 0;
    this.segments.append(segment, slot);
    this.segmentOf[slot] = segment;
    this.counts[segment]++;
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    let slot = -1;
    for (let segment = 0; slot < 0 && segment <= this.top; segment++) {
      slot = this.segments.firstOutside(segment, protectedSlots);
    }
    return slot;
  }

  remove(slot: number): void {
    this.segments.remove(slot);
    this.counts[this.segmentOf[slot]]--;
  }

  audit(occupied: IndexSet): void {
    assert(this.segments.holdExactly(occupied), 'slru has lost track of a slot');
  }

  private move(slot: number, segment: number): void {
    this.counts[this.segmentOf[slot]]--;
    this.counts[segment]++;
    this.segmentOf[slot] = segment;
    this.segments.moveToEnd(segment, slot);
  }
}

/** Cuts a cache into equal segments. */
function equalSizes(capacity: number, segments: number): Int32Array {
  const count = Math.min(segments, capacity);
  const sizes = new Int32Array(count).fill(Math.floor(capacity / count));
  sizes[0] += capacity % count;
  return sizes;
}

export const slru: PolicyDefinition = {
  summary: 'segmented LRU: a hit lifts a page by one segment, pages sink from full ones',
  reference: 'Karedla, Love and Wherry, Caching strategies to improve disk system performance, 1994',
  parameters: { segments: 4 },
  create: ({ capacity }, _wrapped, { segments }) =>
    new Slru(capacity, equalSizes(capacity, wholeNumber('segments', segments, 1, 255))),
};
