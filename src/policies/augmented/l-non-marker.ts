/**
 * LNonMarker (Rohatgi, *Near-optimal bounds for online caching with machine learned advice*, SODA 2020, arXiv 1910.12172):
 * for a clean page the unmarked page predicted to come back last leaves; for a stale page that a clean one replaced, a random
 * page of the whole cache, marked or not; for any other stale page a random unmarked one. Because marked pages may leave
 * it is no marking policy, and not robust by itself; combined with Marker it is. O(log k) a request, amortised over a phase.
 *
 * Phases are the k-phases of the sequence: a hit may open one. Stale pages are those in the cache when the phase begins;
 * a page that was loaded and evicted within the phase counts as clean when it returns. Both, the deterministic combination
 * and its factor 1.01 are as in the published experiments (arXiv 2003.02144); the paper leaves them open. Robustness
 * O(log k) is the paper's, without a constant.
 *
 * Departure: where every page that may leave by the rule is protected, a random other one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import type { Random } from '../../support/random.ts';
import { BoundedRule } from './bounded-switch.ts';
import { Switch } from './switch.ts';

const FACTOR = 1.01;

export class LNonMarker implements Policy {
  private readonly capacity: number;
  private readonly random: Random;
  private readonly occupied: IndexSet;
  private readonly unmarked: IndexedHeap;
  private readonly arrival: Float64Array;
  private readonly pageIn: Uint32Array;
  /** The phase at whose beginning each page was last in the cache; the phase of its latest request. 0 for none. */
  private readonly staleIn: Uint32Array;
  private readonly requestedIn: Uint32Array;
  private readonly replacedByStale: Uint8Array;
  private phase = 1;
  /** Distinct pages requested in this phase. */
  private distinct = 0;
  /** Whether the page for which the next one leaves is stale. */
  private isStale = true;

  constructor(capacity: number, pageCount: number, random: Random) {
    this.capacity = capacity;
    this.random = random;
    this.occupied = new IndexSet(capacity);
    this.unmarked = new IndexedHeap(capacity);
    this.arrival = new Float64Array(capacity);
    this.pageIn = new Uint32Array(capacity);
    this.staleIn = new Uint32Array(pageCount);
    this.requestedIn = new Uint32Array(pageCount);
    this.replacedByStale = new Uint8Array(pageCount);
  }

  hit(slot: number, page: number, arrival: number): void {
    this.arrive(page);
    this.unmarked.delete(slot);
    this.arrival[slot] = arrival;
  }

  load(slot: number, page: number, arrival: number): void {
    this.arrive(page);
    this.occupied.add(slot);
    this.pageIn[slot] = page;
    this.arrival[slot] = arrival;
  }

  victim(page: number, _arrival: number, protectedSlots: IndexSet): number {
    if (page !== NO_PAGE) this.arrive(page);
    this.isStale = this.staleIn[page] === this.phase;
    let slot = -1;
    if (!this.isStale) slot = this.unmarked.highest(protectedSlots);
    else if (this.replacedByStale[page] === 1) slot = this.unmarked.choose(this.random, protectedSlots);
    return slot >= 0 ? slot : this.occupied.choose(this.random, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.unmarked.delete(slot);
    this.occupied.delete(slot);
    this.replacedByStale[page] = this.isStale ? 1 : 0;
    this.isStale = true;
  }

  audit(occupied: IndexSet): void {
    assert(this.occupied.count === occupied.count, 'l-non-marker has lost track of a slot');
  }

  /** Counts the distinct pages of the phase and begins the next one at the (k + 1)-st. */
  private arrive(page: number): void {
    if (this.requestedIn[page] === this.phase) return;
    if (this.distinct === this.capacity) this.beginPhase();
    this.distinct++;
    this.requestedIn[page] = this.phase;
  }

  private beginPhase(): void {
    this.phase++;
    this.distinct = 0;
    const { members, count } = this.occupied;
    for (let i = 0; i < count; i++) {
      const slot = members[i];
      this.staleIn[this.pageIn[slot]] = this.phase;
      this.unmarked.set(slot, this.arrival[slot]);
    }
  }
}

/** @param marker the definition of Marker, which makes it robust */
export const lNonMarker = (marker: PolicyDefinition): PolicyDefinition => ({
  summary: 'next arrivals for clean pages, a random page of the whole cache at the first error; else marker',
  reference: 'Rohatgi, SODA 2020, arXiv 1910.12172',
  needs: () => 'next arrival',
  randomised: true,
  create: (run) => {
    const { capacity, pageCount, random } = run;
    const first = new LNonMarker(capacity, pageCount, random);
    return new Switch(capacity, pageCount, first, marker.create(run, [], {}), new BoundedRule(FACTOR));
  },
});
