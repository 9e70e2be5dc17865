/**
 * AdaptiveQuery (Im, Kumar, Petety and Purohit, *Parsimonious learning-augmented caching*, ICML 2022, arXiv 2202.04262):
 * `predictive-marker` that looks at few predictions. At a fault it asks about b random unmarked pages, and the one predicted
 * to come back last leaves; once a chain of errors is longer than H_k, a random unmarked page. Consistency O(log_{b+1} k),
 * robustness O(log k). O(b log k) a fault, O(log k) another request. With b = 1 it is Marker, with b ≥ k predictive-marker.
 *
 * Robustness 4H_k for any predictions [derived; the paper gives no constant]: the first ⌊H_k⌋ victims of a chain are arbitrary,
 * the later ones uniform, so that the proof for predictive-marker holds word for word.
 *
 * Of the length at which a chain turns to coins, the paper says O(log k); here it is that of predictive-marker.
 * Departures: where slots are protected, all other unmarked pages are asked about; where every unmarked page is protected,
 * a random marked one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { harmonic } from '../../paging/guarantee.ts';
import { Failure } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { PredictiveMarker } from './predictive-marker.ts';

export class AdaptiveQuery extends PredictiveMarker {
  private readonly queries: number;
  /** Positions among the unmarked pages of those that are asked about. */
  private readonly asked: IndexSet;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param queries b, a positive number; a fraction counts as its whole part
   */
  constructor(capacity: number, pageCount: number, random: Random, queries: number) {
    super(capacity, pageCount, random);
    this.queries = Math.floor(queries);
    this.asked = new IndexSet(capacity);
  }

  protected override latestPredicted(protectedSlots: IndexSet): number {
    const { asked, unmarked } = this;
    if (protectedSlots.count > 0 || unmarked.count <= this.queries) return unmarked.highest(protectedSlots);
    asked.clear();
    // Floyd's sample without replacement: each new position is uniform, and an old one stands for the newest possible.
    for (let newest = unmarked.count - this.queries; newest < unmarked.count; newest++) {
      const position = this.random.below(newest + 1);
      asked.add(asked.has(position) ? newest : position);
    }
    return unmarked.highestAt(asked);
  }
}

const PARSIMONIOUS = 'Im et al., ICML 2022, arXiv 2202.04262';

export const adaptiveQuery: PolicyDefinition = {
  summary: 'predictive-marker that asks about few random unmarked pages at each fault',
  reference: PARSIMONIOUS,
  needs: () => 'next arrival',
  randomised: true,
  parameters: { queries: 4 },
  guarantee: () => ({
    alpha: (k) => 4 * harmonic(k),
    beta: () => 0,
    gamma: () => 0,
    additive: () => 0,
    standing: 'derived',
    reference: PARSIMONIOUS,
  }),
  create: ({ capacity, pageCount, random }, _wrapped, { queries }) => {
    if (queries >= 1) return new AdaptiveQuery(capacity, pageCount, random, queries);
    throw new Failure(`adaptive-query: queries=${queries} asks about no page; take 1 or more, such as 4`);
  },
};
