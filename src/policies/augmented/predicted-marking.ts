/**
 * What the marking policies with next arrivals share: marks, the unmarked pages by predicted arrival, and which pages
 * were evicted in the current phase. A phase begins at a fault with no free slot and no unmarked page. A faulting page is
 * *stale* if it was in the cache when the phase began, that is if it was evicted in this phase, else *clean*.
 */
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import type { Random } from '../../support/random.ts';

export abstract class PredictedMarking implements Policy {
  protected readonly random: Random;
  protected readonly unmarked: IndexedHeap;
  private readonly marked: IndexSet;
  /** Newest predicted arrival of the page in each slot. */
  private readonly arrival: Float64Array;
  /** Phase in which each page was last evicted, 0 for never. */
  private readonly evictedIn: Uint32Array;
  private phase = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number, random: Random) {
    this.random = random;
    this.unmarked = new IndexedHeap(capacity);
    this.marked = new IndexSet(capacity);
    this.arrival = new Float64Array(capacity);
    this.evictedIn = new Uint32Array(pageCount);
  }

  /** Names an unmarked and unprotected slot; −1 if there is none. */
  protected abstract choose(page: number, isStale: boolean, protectedSlots: IndexSet): number;

  hit(slot: number, _page: number, arrival: number): void {
    this.unmarked.delete(slot);
    this.mark(slot, arrival);
  }

  load(slot: number, _page: number, arrival: number): void {
    this.mark(slot, arrival);
  }

  victim(page: number, _arrival: number, protectedSlots: IndexSet): number {
    if (this.unmarked.count === 0) this.beginPhase();
    const slot = this.choose(page, this.evictedIn[page] === this.phase, protectedSlots);
    return slot >= 0 ? slot : this.marked.choose(this.random, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.unmarked.delete(slot);
    this.marked.delete(slot);
    this.evictedIn[page] = this.phase;
  }

  audit(occupied: IndexSet): void {
    assert(
      this.marked.count + this.unmarked.count === occupied.count,
      'a marking policy has lost track of a slot',
    );
  }

  private mark(slot: number, arrival: number): void {
    this.marked.add(slot);
    this.arrival[slot] = arrival;
  }

  private beginPhase(): void {
    this.phase++;
    const { members, count } = this.marked;
    for (let i = 0; i < count; i++) this.unmarked.set(members[i], this.arrival[members[i]]);
    this.marked.clear();
  }
}
