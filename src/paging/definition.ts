import type { Random } from '../support/random.ts';
import type { Guarantee, Standing } from './guarantee.ts';
import type { Policy, PredictionKind } from './policy.ts';
import type { RequestSequence } from './request-sequence.ts';
import type { Weights } from './weights.ts';

/** What a policy is made for: one run on one cache. */
export interface Run {
  /** k */
  readonly capacity: number;
  /** Size of the universe of pages. */
  readonly pageCount: number;
  /** All coins of the run. */
  readonly random: Random;
  /** The requests that will be served; only an offline policy looks at them. */
  readonly sequence: RequestSequence;
  /** Sizes and costs of pages, where they differ; the run is then one of a `SizedCache`. */
  readonly weights?: Weights;
}

/** A ratio to OPT as a function of k, of the expectation if the policy is randomised. */
export type Ratio = (k: number) => number;

/** A policy of the catalog, with the policies it wraps filled in. */
export interface CatalogPolicy {
  /** Its expression in canonical form. */
  readonly name: string;
  readonly summary: string;
  readonly reference: string;
  /** What must be attached to each request. */
  readonly needs: PredictionKind;
  readonly randomised: boolean;
  /** Whether it is given the future. */
  readonly offline: boolean;
  /** Whether it empties slots before they are needed. */
  readonly eager: boolean;
  /** Whether it makes sense where pages differ in size: then it may be asked for several victims for one page. */
  readonly sizes: boolean;
  /** Whether it looks at what a fault on a page costs. */
  readonly costs: boolean;
  /** Whether it never evicts a page requested in the current phase; with discard bits, where all of them say keep. */
  readonly marking: boolean;
  /** Whether a larger cache always holds what a smaller one holds (Mattson et al. 1970). */
  readonly stack: boolean;
  /** How sure its bounds are: that of its guarantee, or that some ratio is proved, or empirical. */
  readonly standing: Standing;
  /** What it promises in the unit-cost model, where something is proved. */
  readonly guarantee: Guarantee | undefined;
  /** Further ratios to OPT, where proved: c(k) on true predictions, r(k) whatever is predicted. */
  readonly consistency: Ratio | undefined;
  readonly robustness: Ratio | undefined;
  /** c such that `discard` of this policy is (1, c − 1, 1)-competitive (docs/certificates.md, section 4), where that is proved. */
  readonly liftRatio: Ratio | undefined;
  /** One private run. */
  readonly create: (run: Run) => Policy;
}

/**
 * What a policy file says of its policy, apart from how it works: the catalog gives it a name. A combinator says it in
 * terms of the policies it wraps.
 */
export interface PolicyDefinition {
  readonly summary: string;
  readonly reference: string;
  /** What it needs, given what the wrapped policies need; nothing if absent. Throws a Failure where they do not fit. */
  readonly needs?: (wrapped: readonly CatalogPolicy[]) => PredictionKind;
  readonly randomised?: boolean;
  readonly offline?: boolean;
  readonly eager?: boolean;
  /** Whether it makes sense where pages differ in size; not if absent. A combinator asks what it wraps. */
  readonly sizes?: boolean;
  /** Whether it looks at what a fault on a page costs; not if absent. */
  readonly costs?: boolean;
  /** How many policies it wraps, and an example of doing so; none if absent. */
  readonly wraps?: number;
  readonly example?: string;
  /** Its parameters with their defaults, numbers ≥ 0. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly marking?: (wrapped: readonly CatalogPolicy[]) => boolean;
  readonly stack?: (wrapped: readonly CatalogPolicy[]) => boolean;
  readonly guarantee?: (
    wrapped: readonly CatalogPolicy[],
    parameters: Readonly<Record<string, number>>,
  ) => Guarantee | undefined;
  readonly consistency?: (wrapped: readonly CatalogPolicy[]) => Ratio | undefined;
  readonly robustness?: (wrapped: readonly CatalogPolicy[]) => Ratio | undefined;
  readonly liftRatio?: Ratio;
  readonly create: (
    run: Run,
    wrapped: readonly Policy[],
    parameters: Readonly<Record<string, number>>,
  ) => Policy;
}
