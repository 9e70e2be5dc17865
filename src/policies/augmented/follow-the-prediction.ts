/**
 * Follow the prediction: evict the page whose predicted next arrival is farthest; the optimum where predictions are
 * true, and BlindOracle in Wei, *Better and simpler learning-augmented online caching*, APPROX 2020. O(log k) a request.
 * Consistency 1; not robust by itself, so it promises nothing for predictions that may be wrong.
 *
 * The published algorithm leaves ties open: here the page in the lowest slot goes first.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';

export class FollowThePrediction implements Policy {
  private readonly arrivals: IndexedHeap;

  constructor(capacity: number) {
    this.arrivals = new IndexedHeap(capacity);
  }

  hit(slot: number, _page: number, arrival: number): void {
    this.arrivals.set(slot, arrival);
  }

  load(slot: number, _page: number, arrival: number): void {
    this.arrivals.set(slot, arrival);
  }

  victim(_page: number, _arrival: number, protectedSlots: IndexSet): number {
    return this.arrivals.highest(protectedSlots);
  }

  remove(slot: number): void {
    this.arrivals.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.arrivals.count === occupied.count, 'follow-the-prediction has lost track of a slot');
  }
}

export const followThePrediction: PolicyDefinition = {
  summary: 'the page predicted to come back last leaves',
  reference: 'Antoniadis et al., ICML 2020, arXiv 2003.02144; Wei, APPROX 2020, arXiv 2005.13716',
  needs: () => 'next arrival',
  consistency: () => () => 1,
  create: ({ capacity }) => new FollowThePrediction(capacity),
};
