/**
 * LMarker (Rohatgi, *Near-optimal bounds for online caching with machine learned advice*, SODA 2020, arXiv 1910.12172):
 * Marker that listens to predictions only for clean pages: for a clean page the unmarked page predicted to come back last
 * leaves, for a stale one a random unmarked page. O(log k) a request, amortised over a phase.
 *
 * Robustness 2·(1 + H_k) for any predictions [derived; the paper says O(log k)]. Proof. Each clean page of a phase starts a
 * chain: a stale page that faults carries on the chain of the page that replaced it. The first victim of a chain is
 * arbitrary and returns at most once; every later one is uniform among the unmarked pages, so by the argument for Marker
 * (Fiat et al. 1991) its chain goes on for at most H_k − 1 returns in expectation. With the clean fault itself that is
 * 1 + 1 + (H_k − 1) a chain, and the clean pages are at most 2·OPT. ∎
 *
 * Departure: where every unmarked page is protected, a random marked one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { harmonic } from '../../paging/guarantee.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { PredictedMarking } from './predicted-marking.ts';

export class LMarker extends PredictedMarking {
  protected override choose(_page: number, isStale: boolean, protectedSlots: IndexSet): number {
    return isStale
      ? this.unmarked.choose(this.random, protectedSlots)
      : this.unmarked.highest(protectedSlots);
  }
}

const ROHATGI = 'Rohatgi, SODA 2020, arXiv 1910.12172';

export const lMarker: PolicyDefinition = {
  summary: 'marker that trusts next arrivals for clean pages, coins for stale ones',
  reference: ROHATGI,
  needs: () => 'next arrival',
  randomised: true,
  marking: () => true,
  guarantee: () => ({
    alpha: (k) => 2 * (1 + harmonic(k)),
    beta: () => 0,
    gamma: () => 0,
    additive: () => 0,
    standing: 'derived',
    reference: ROHATGI,
  }),
  consistency: () => () => 2,
  create: ({ capacity, pageCount, random }) => new LMarker(capacity, pageCount, random),
};
