/**
 * LRU-K: evict the page whose K-th most recent request is longest ago; pages with fewer than K requests go before all
 * others, the least recently used of them first (O'Neil, O'Neil and Weikum, *The LRU-K page replacement algorithm for database
 * disk buffering*, SIGMOD 1993; K = 2 is theirs). O(K + log k) a request. Steps are distinct, so that there are no ties.
 *
 * Departures: the times of a page's requests are kept for the whole run, in 4·K bytes a page, so there is no period after
 * which they are forgotten; every request counts, that is the correlated reference period is 0. Protected pages are
 * passed over, which costs O(k). A run has at most 2³² − 1 requests.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import { wholeNumber } from './parameters.ts';

/** Added to the age of a page with fewer than K requests, so that these come before all others. */
const EARLIER = 2 ** 32;

export class LruK implements Policy {
  private readonly age: IndexedHeap;
  /** The K most recent requests of each page, newest first, 0 for none. */
  private readonly times: Uint32Array;
  private readonly depth: number;
  private now = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param depth K, at least 1
   */
  constructor(capacity: number, pageCount: number, depth: number) {
    this.age = new IndexedHeap(capacity);
    this.times = new Uint32Array(pageCount * depth);
    this.depth = depth;
  }

  hit(slot: number, page: number): void {
    const { times } = this;
    const newest = page * this.depth;
    const oldest = newest + this.depth - 1;
    for (let i = oldest; i > newest; i--) times[i] = times[i - 1];
    times[newest] = ++this.now;
    this.age.set(slot, times[oldest] > 0 ? -times[oldest] : EARLIER - times[newest]);
  }

  load(slot: number, page: number): void {
    this.hit(slot, page);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    return this.age.highest(protectedSlots);
  }

  remove(slot: number): void {
    this.age.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.age.count === occupied.count, 'lru-k has lost track of a slot');
    for (let i = 0; i < occupied.count; i++) {
      assert(this.age.has(occupied.members[i]), `lru-k has lost track of slot ${occupied.members[i]}`);
    }
  }
}

export const lruK: PolicyDefinition = {
  summary: 'the page whose K-th last request is longest ago leaves, those with fewer requests first',
  reference: "O'Neil, O'Neil and Weikum, The LRU-K page replacement algorithm, SIGMOD 1993",
  parameters: { k: 2 },
  sizes: true,
  create: ({ capacity, pageCount }, _wrapped, { k }) =>
    new LruK(capacity, pageCount, wholeNumber('k', k, 1, 64)),
};
