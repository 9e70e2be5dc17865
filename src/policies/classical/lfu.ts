/**
 * Least frequently used, counted since the page was loaded: evict the page with the fewest requests; of several, the one
 * that reached this number first. Pages of equal frequency stand in a bucket in the order of their coming, the buckets in
 * ascending order (Shah, Mitra and Matani, *An O(1) algorithm for implementing the LFU cache eviction scheme*, 2010).
 * O(1) a request. A page that leaves is forgotten: at its next load its frequency is 1. Not competitive.
 *
 * Pages of b different frequencies have had b(b + 1)/2 requests at least, so T requests lead to √(2T) buckets at most. They are
 * made as frequencies appear: 12 bytes a slot, 24 a bucket.
 *
 * Departure: protected pages are passed over, which costs O(pages passed).
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { IndexStack } from '../../support/index-stack.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** The bucket of frequency 1, which stays in its place even if it is empty. */
const ONCE = 0;
/** Room for buckets at the start; it doubles whenever it is full. */
const FEW = 16;

export class Lfu implements Policy {
  /** Slots in buckets, and the buckets in order. */
  private readonly members: LinkedLists;
  private readonly order = new LinkedLists(FEW, 1);
  private readonly bucketOf: Int32Array;
  private frequency = new Uint32Array(FEW);
  /** Buckets that are free again; those from `fresh` on were never used. */
  private readonly free = new IndexStack();
  private fresh = ONCE + 1;

  constructor(capacity: number) {
    this.members = new LinkedLists(capacity, FEW);
    this.order.append(0, ONCE);
    this.frequency[ONCE] = 1;
    this.bucketOf = new Int32Array(capacity);
  }

  hit(slot: number): void {
    const { members, order } = this;
    const bucket = this.bucketOf[slot];
    const wanted = this.frequency[bucket] + 1;
    let next = order.after(bucket);
    if (next < 0 || this.frequency[next] !== wanted) {
      if (bucket !== ONCE && members.first(bucket) === slot && members.after(slot) < 0) {
        this.frequency[bucket] = wanted;
        return;
      }
      next = this.takeBucket();
      this.frequency[next] = wanted;
      order.insertAfter(bucket, next);
    }
    this.remove(slot);
    members.append(next, slot);
    this.bucketOf[slot] = next;
  }

  load(slot: number): void {
    this.members.append(ONCE, slot);
    this.bucketOf[slot] = ONCE;
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    for (let bucket: number = ONCE; bucket >= 0; bucket = this.order.after(bucket)) {
      const slot = this.members.firstOutside(bucket, protectedSlots);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  remove(slot: number): void {
    const bucket = this.bucketOf[slot];
    this.members.remove(slot);
    if (bucket === ONCE || this.members.first(bucket) >= 0) return;
    this.order.remove(bucket);
    this.free.push(bucket);
  }

  audit(occupied: IndexSet): void {
    assert(this.members.holdExactly(occupied), 'lfu has lost track of a slot');
    let before = 0;
    for (let bucket: number = ONCE; bucket >= 0; bucket = this.order.after(bucket)) {
      assert(this.frequency[bucket] > before, 'the buckets of lfu are out of order');
      before = this.frequency[bucket];
    }
  }

  private takeBucket(): number {
    if (this.free.count > 0) return this.free.pop();
    const buckets = this.frequency.length;
    if (this.fresh === buckets) {
      const frequency = new Uint32Array(2 * buckets);
      frequency.set(this.frequency);
      this.frequency = frequency;
      this.order.extend(2 * buckets, 1);
      this.members.extend(this.bucketOf.length, 2 * buckets);
    }
    return this.fresh++;
  }
}

export const lfu: PolicyDefinition = {
  summary: 'least frequently used since loading',
  reference: 'Shah, Mitra and Matani, An O(1) algorithm for implementing the LFU cache eviction scheme, 2010',
  sizes: true,
  create: ({ capacity }) => new Lfu(capacity),
};
