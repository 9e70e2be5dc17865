/**
 * LARU, learning-augmented LRU (Chen et al., *Toward robust and efficient ML-based GPU caching for modern inference*, arXiv
 * 2509.20979): of the least recently used pages, the *candidates*, the one predicted to come back last leaves. How many
 * are candidates follows the errors seen: all k pages while there are none, so that it is Belady's rule on true predictions,
 * and after many errors a single one, so that it is LRU.
 *
 * The paper's text was not at hand. Its abstract gives the idea and the two bounds, consistency 1 and robustness O(k); the
 * rule of adaptation is chosen here so that both can be proved. A phase begins at a fault with no free slot and no *old
 * unvisited* page, one that has been in the cache since the phase began and was not requested (as in Guard, by the same
 * authors). A fault on a page that was evicted in the same phase is an error: the candidates are halved before the
 * victim is chosen. A phase without errors doubles them for the next one.
 *
 * Consistency 1 [derived]: all pages being candidates, a page x leaves only if it comes back after each page then in the
 * cache, among them any page that is old and unvisited at x's next request; so that is no error, and all stay candidates.
 * Robustness 2·(k + 1 + ⌊log₂ k⌋) [derived]. All pages in the cache at the beginning of a phase were requested in the one
 * before. A fault that is no error is on a page that was not among them, each page once; so with n such faults two
 * phases in a row have k + n distinct pages, and over all phases Σn ≤ 2·OPT, n ≥ 1. After ⌊log₂ k⌋ errors there is a
 * single candidate, the least recently used page, which is an old unvisited one; and of those there are at most k. ∎
 *
 * O(log k) a request, O(k log k) a change of the number of candidates.
 * Departure: where all candidates are protected, the least recently used other page leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** Lists of slots, both least recently used first; every candidate was used before every other slot. */
const CANDIDATES = 0;
const OTHERS = 1;

export class Laru implements Policy {
  private readonly capacity: number;
  /** How many slots are candidates, if there are as many. */
  private wanted: number;
  private readonly slots: LinkedLists;
  /** The candidates by predicted arrival. */
  private readonly candidates: IndexedHeap;
  private readonly arrival: Float64Array;
  private readonly occupied: IndexSet;
  private readonly unvisited: IndexSet;
  /** Phase in which each page was last evicted, 0 for never. */
  private readonly evictedIn: Uint32Array;
  private phase = 0;
  private hasErred = false;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number) {
    this.capacity = capacity;
    this.wanted = capacity;
    this.slots = new LinkedLists(capacity, 2);
    this.candidates = new IndexedHeap(capacity);
    this.arrival = new Float64Array(capacity);
    this.occupied = new IndexSet(capacity);
    this.unvisited = new IndexSet(capacity);
    this.evictedIn = new Uint32Array(pageCount);
  }

  hit(slot: number, _page: number, arrival: number): void {
    this.unvisited.delete(slot);
    this.slots.remove(slot);
    this.candidates.delete(slot);
    this.place(slot, arrival);
  }

  load(slot: number, _page: number, arrival: number): void {
    this.occupied.add(slot);
    this.place(slot, arrival);
  }

  victim(page: number, _arrival: number, protectedSlots: IndexSet): number {
    if (this.unvisited.count === 0) this.beginPhase();
    if (this.evictedIn[page] === this.phase) {
      this.hasErred = true;
      this.narrow();
    }
    const slot = this.candidates.highest(protectedSlots);
    return slot >= 0 ? slot : this.slots.firstOutside(OTHERS, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.slots.remove(slot);
    this.candidates.delete(slot);
    this.occupied.delete(slot);
    this.unvisited.delete(slot);
    this.evictedIn[page] = this.phase;
  }

  audit(occupied: IndexSet): void {
    assert(this.slots.holdExactly(occupied), 'laru has lost track of a slot');
    assert(this.candidates.count <= this.wanted, 'laru has too many candidates');
  }

  private beginPhase(): void {
    this.phase++;
    this.unvisited.assign(this.occupied);
    if (!this.hasErred) this.wanted = Math.min(this.capacity, 2 * this.wanted);
    this.hasErred = false;
    this.widen();
  }

  private place(slot: number, arrival: number): void {
    this.arrival[slot] = arrival;
    this.slots.append(OTHERS, slot);
    this.widen();
  }

  /** Makes candidates of other slots, as many as are wanted. */
  private widen(): void {
    while (this.candidates.count < this.wanted) {
      const slot = this.slots.first(OTHERS);
      if (slot < 0) return;
      this.slots.moveToEnd(CANDIDATES, slot);
      this.candidates.set(slot, this.arrival[slot]);
    }
  }

  /** Halves the number of candidates: puts all slots into one list and takes the first ones anew. */
  private narrow(): void {
    this.wanted = Math.max(1, this.wanted >> 1);
    for (let slot = this.slots.first(OTHERS); slot >= 0; slot = this.slots.first(OTHERS)) {
      this.slots.moveToEnd(CANDIDATES, slot);
    }
    for (let slot = this.slots.first(CANDIDATES); slot >= 0; slot = this.slots.first(CANDIDATES)) {
      this.slots.moveToEnd(OTHERS, slot);
    }
    this.candidates.clear();
    this.widen();
  }
}

const CHEN = 'after Chen et al., arXiv 2509.20979; adaptation and bound: this project';

export const laru: PolicyDefinition = {
  summary: 'of the least recently used pages the one predicted to come back last; fewer of them after errors',
  reference: CHEN,
  needs: () => 'next arrival',
  guarantee: () => ({
    alpha: (k) => 2 * (k + 1 + Math.floor(Math.log2(k))),
    beta: () => 0,
    gamma: () => 0,
    additive: () => 0,
    standing: 'derived',
    reference: CHEN,
  }),
  create: ({ capacity, pageCount }) => new Laru(capacity, pageCount),
};
