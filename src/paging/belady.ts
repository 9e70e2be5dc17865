/**
 * Belady's rule, longest forward distance (LFD): evict the page whose next request is farthest away. Optimal under unit
 * costs (Belady, *A study of replacement algorithms for a virtual-storage computer*, IBM Systems Journal 1966; proof in
 * Mattson et al. 1970). Ties exist only among pages never requested again; the least recently requested of them goes
 * first. O(log₃₂ T) a request.
 */
import { assert } from '../support/failure.ts';
import type { IndexSet } from '../support/index-set.ts';
import { LinkedLists } from '../support/linked-lists.ts';
import { OrderedBitset } from '../support/ordered-bitset.ts';
import { Cache } from './cache.ts';
import type { Policy } from './policy.ts';
import type { RequestSequence } from './request-sequence.ts';

/**
 * For each request the step of the next request to the same page, or the length of the sequence if there is none.
 * O(T) time, 4 bytes a request.
 *
 * @example
 * nextRequests({ pages: Uint32Array.of(0, 1, 0), pageCount: 2 }); // Uint32Array [2, 3, 3]
 */
export function nextRequests(sequence: RequestSequence): Uint32Array {
  const { pages, pageCount } = sequence;
  const next = new Uint32Array(pages.length);
  const upcoming = new Uint32Array(pageCount).fill(pages.length);
  for (let i = pages.length - 1; i >= 0; i--) {
    next[i] = upcoming[pages[i]];
    upcoming[pages[i]] = i;
  }
  return next;
}

/** Belady's rule as a policy. The one policy that is given the future, as an argument; serve it the same sequence. */
export class Belady implements Policy {
  protected step = 0;
  private readonly sequence: RequestSequence;
  private readonly next: Uint32Array;
  private readonly slotOf: Int32Array;
  /**
   * Steps at which a resident page is requested next; no two pages share one. Steps that are over stay, as no search
   * from above reaches them before those to come.
   */
  private readonly upcoming: OrderedBitset;
  /** Every member of `upcoming` is below this; searching from here and not from the end makes a victim cheap. */
  private bound = 0;
  /**
   * The slot whose page is requested at `bound` − 1, if that is known, else −1. It is looked up as soon as the one before it has
   * left, so that the memory has answered by the time that a victim is asked for: a third faster.
   */
  private farthest = -1;
  /** Slots of resident pages that are never requested again, least recently requested first; and their marks. */
  private readonly never: LinkedLists;
  private readonly nextOf: Uint32Array;

  /**
   * @param capacity k
   * @param sequence the requests that will be served
   * @param next their next requests, from `nextRequests(sequence)`
   */
  constructor(capacity: number, sequence: RequestSequence, next: Uint32Array) {
    this.sequence = sequence;
    this.next = next;
    this.slotOf = new Int32Array(sequence.pageCount);
    this.upcoming = new OrderedBitset(sequence.pages.length);
    this.never = new LinkedLists(capacity, 1);
    this.nextOf = new Uint32Array(capacity);
  }

  hit(slot: number, _page: number, _prediction: number): void {
    this.expect(slot);
  }

  load(slot: number, page: number, _prediction: number): void {
    this.slotOf[page] = slot;
    this.expect(slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const never = this.never.firstOutside(0, protectedSlots);
    if (never >= 0) return never;
    if (this.farthest >= 0 && !protectedSlots.has(this.farthest)) return this.farthest;
    let step = this.upcoming.lastBelow(this.bound);
    while (step >= 0 && protectedSlots.has(this.slotOf[this.sequence.pages[step]]))
      step = this.upcoming.lastBelow(step);
    return this.slotOf[this.sequence.pages[step]];
  }

  remove(slot: number, _page: number): void {
    if (this.nextOf[slot] === this.next.length) this.never.remove(slot);
    else this.upcoming.delete(this.nextOf[slot]);
    if (slot === this.farthest) this.findFarthest();
  }

  audit(occupied: IndexSet): void {
    let never = 0;
    for (let slot = this.never.first(0); slot >= 0; slot = this.never.after(slot)) never++;
    let upcoming = 0;
    for (
      let step = this.upcoming.lastBelow(this.next.length);
      step >= this.step;
      step = this.upcoming.lastBelow(step)
    )
      upcoming++;
    assert(never + upcoming === occupied.count, 'belady has lost track of a page');
  }

  private findFarthest(): void {
    const step = this.upcoming.lastBelow(this.bound);
    this.bound = step + 1;
    this.farthest = step >= this.step ? this.slotOf[this.sequence.pages[step]] : -1;
  }

  private expect(slot: number): void {
    const next = this.next[this.step++];
    this.nextOf[slot] = next;
    if (next === this.next.length) {
      this.never.append(0, slot);
    } else {
      this.upcoming.add(next);
      if (next < this.bound) return;
      this.bound = next + 1;
      this.farthest = slot;
    }
  }
}

/**
 * The optimum: the faults of Belady's rule from an empty cache.
 *
 * @param from count only faults from this step on
 */
export function optimalFaults(sequence: RequestSequence, capacity: number, from = 0): number {
  const cache = new Cache(
    capacity,
    sequence.pageCount,
    new Belady(capacity, sequence, nextRequests(sequence)),
  );
  cache.serve(sequence, undefined, 0, from);
  return cache.serve(sequence, undefined, from);
}
