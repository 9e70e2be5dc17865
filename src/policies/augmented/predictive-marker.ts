/**
 * PredictiveMarker (Lykouris and Vassilvitskii, *Competitive caching with machine learned advice*, ICML 2018, arXiv
 * 1802.05399): Marker whose victim is the unmarked page predicted to come back last. Each clean page of a phase starts a
 * *chain* of length 1; a stale page that faults lengthens the chain in which it was evicted; once a chain is longer than
 * H_k its victims are random unmarked pages. O(log k) a request, amortised over a phase.
 * Consistency 2; robustness 4H_k for any predictions, proved in the paper.
 *
 * The paper leaves the factor of H_k in the test to a parameter γ; here γ = 1, as in the published experiments.
 *
 * Departure: where every unmarked page is protected, a random marked one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive, harmonic } from '../../paging/guarantee.ts';
import type { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { PredictedMarking } from './predicted-marking.ts';

export class PredictiveMarker extends PredictedMarking {
  private readonly longest: number;
  /** For each page evicted in this phase, the length of its chain, which it stands at the end of. */
  private readonly chainLength: Uint32Array;
  /** Length of the chain in which the next page leaves; 0 where the owner of the cache takes it away. */
  private length = 0;

  constructor(capacity: number, pageCount: number, random: Random) {
    super(capacity, pageCount, random);
    this.longest = harmonic(capacity);
    this.chainLength = new Uint32Array(pageCount);
  }

  override remove(slot: number, page: number): void {
    super.remove(slot, page);
    this.chainLength[page] = this.length;
    this.length = 0;
  }

  protected override choose(page: number, isStale: boolean, protectedSlots: IndexSet): number {
    this.length = isStale ? this.chainLength[page] + 1 : 1;
    return this.length <= this.longest
      ? this.latestPredicted(protectedSlots)
      : this.unmarked.choose(this.random, protectedSlots);
  }

  /** The unmarked page that leaves while the chain is short. */
  protected latestPredicted(protectedSlots: IndexSet): number {
    return this.unmarked.highest(protectedSlots);
  }
}

const LYKOURIS = 'Lykouris and Vassilvitskii, ICML 2018, arXiv 1802.05399';

export const predictiveMarker: PolicyDefinition = {
  summary:
    'marker that evicts the unmarked page predicted to come back last, until a chain of errors is long',
  reference: LYKOURIS,
  needs: () => 'next arrival',
  randomised: true,
  marking: () => true,
  guarantee: competitive((k) => 4 * harmonic(k), LYKOURIS),
  consistency: () => () => 2,
  create: ({ capacity, pageCount, random }) => new PredictiveMarker(capacity, pageCount, random),
};
