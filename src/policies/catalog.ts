/** The single list from names to policies. Adding a policy: its file, one entry here, its test. */
import { Belady, nextRequests } from '../paging/belady.ts';
import { type Guarantee, harmonic } from '../paging/guarantee.ts';
import type { Policy, PredictionKind } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';
import type { Random } from '../support/random.ts';
import { Discard } from './augmented/discard.ts';
import { FlushWhenAll0s } from './augmented/flush-when-all-0s.ts';
import { Guard } from './augmented/guard.ts';
import { MarkAndPredict } from './augmented/mark-and-predict.ts';
import { Mark0 } from './augmented/mark0.ts';
import { Switch } from './augmented/switch.ts';
import { Clock } from './classical/clock.ts';
import { Fifo } from './classical/fifo.ts';
import { Flush } from './classical/flush.ts';
import { Lru } from './classical/lru.ts';
import { Marker } from './classical/marker.ts';
import { RandomReplacement } from './classical/random.ts';

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
}

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
  /** What it promises in the unit-cost model, where something is proved. */
  readonly guarantee: Guarantee | undefined;
  /** c such that `discard` of this policy is (1, c − 1, 1)-competitive (THEORY, section 3), where that is proved. */
  readonly liftRatio: ((k: number) => number) | undefined;
  /** One private run. */
  readonly create: (run: Run) => Policy;
}

/** One line of the list: what a name means before the policies it wraps are filled in. */
export interface Entry {
  readonly summary: string;
  readonly reference: string;
  /** What it needs, given what the wrapped policies need; nothing if absent. Throws a Failure where they do not fit. */
  readonly needs?: (wrapped: readonly CatalogPolicy[]) => PredictionKind;
  readonly randomised?: boolean;
  readonly offline?: boolean;
  readonly eager?: boolean;
  /** How many policies it wraps, and an example of doing so; none if absent. */
  readonly wraps?: number;
  readonly example?: string;
  /** Its parameters with their defaults, numbers ≥ 0. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly guarantee?: (wrapped: readonly CatalogPolicy[]) => Guarantee | undefined;
  readonly liftRatio?: (k: number) => number;
  readonly create: (
    run: Run,
    wrapped: readonly Policy[],
    parameters: Readonly<Record<string, number>>,
  ) => Policy;
}

const SUCCINCT = 'Antoniadis et al., Paging with Succinct Predictions, ICML 2023, arXiv 2210.02775';
const DISCARD_BIT = () => 'discard bit' as const;

function competitive(ratio: (k: number) => number, reference: string): () => Guarantee {
  const zero = () => 0;
  return () => ({ alpha: ratio, beta: zero, gamma: zero, additive: zero, standing: 'proved', reference });
}

function succinct(
  alpha: number,
  beta: (k: number) => number,
  standing: Guarantee['standing'],
  reference: string,
): Guarantee {
  return { alpha: () => alpha, beta, gamma: () => 1, additive: () => 0, standing, reference };
}

export const ENTRIES: Readonly<Record<string, Entry>> = {
  fifo: {
    summary: 'first in, first out',
    reference: 'Sleator and Tarjan, CACM 1985',
    guarantee: competitive((k) => k, 'Sleator and Tarjan, CACM 1985'),
    liftRatio: (k) => k,
    create: ({ capacity }) => new Fifo(capacity),
  },
  lru: {
    summary: 'least recently used',
    reference: 'Sleator and Tarjan, CACM 1985',
    guarantee: competitive((k) => k, 'Sleator and Tarjan, CACM 1985'),
    liftRatio: (k) => k,
    create: ({ capacity }) => new Lru(capacity),
  },
  clock: {
    summary: 'second chance: a hand spares referenced pages once',
    reference: 'Corbató, A paging experiment with the Multics system, 1969',
    guarantee: competitive(
      (k) => k,
      'Borodin and El-Yaniv, Online Computation and Competitive Analysis, chapter 3',
    ),
    create: ({ capacity }) => new Clock(capacity),
  },
  random: {
    summary: 'a uniformly random victim',
    reference: 'Raghavan and Snir, ICALP 1989',
    randomised: true,
    guarantee: competitive((k) => k, 'Raghavan and Snir, ICALP 1989'),
    create: ({ capacity, random }) => new RandomReplacement(capacity, random),
  },
  marker: {
    summary: 'a random unmarked victim; requests mark, a phase ends when all are marked',
    reference: 'Fiat et al., Competitive paging algorithms, J. Algorithms 1991',
    randomised: true,
    guarantee: competitive((k) => 2 * harmonic(k) - 1, 'Achlioptas, Chrobak and Noga, TCS 2000'),
    liftRatio: (k) => 2 * harmonic(k) - 1,
    create: ({ capacity, random }) => new Marker(capacity, random),
  },
  flush: {
    summary: 'evict everything when full',
    eager: true,
    reference: 'Karlin, Manasse, Rudolph and Sleator, Algorithmica 1988',
    guarantee: competitive((k) => k, 'Karlin, Manasse, Rudolph and Sleator, Algorithmica 1988'),
    liftRatio: (k) => k,
    create: ({ capacity }) => new Flush(capacity),
  },
  belady: {
    summary: 'the offline optimum: the page requested farthest in the future leaves',
    reference: 'Belady, IBM Systems Journal 1966',
    offline: true,
    guarantee: competitive(() => 1, 'Mattson, Gecsei, Slutz and Traiger, IBM Systems Journal 1970'),
    create: ({ capacity, sequence }) => new Belady(capacity, sequence, nextRequests(sequence)),
  },
  'flush-when-all-0s': {
    summary: 'a page with discard bit 1 leaves; if there is none, everything does',
    eager: true,
    reference: SUCCINCT,
    needs: DISCARD_BIT,
    guarantee: () => succinct(1, (k) => k - 1, 'proved', SUCCINCT),
    create: ({ capacity }) => new FlushWhenAll0s(capacity),
  },
  mark0: {
    summary: 'marker whose pages with discard bit 1 leave at once',
    eager: true,
    reference: SUCCINCT,
    needs: DISCARD_BIT,
    randomised: true,
    guarantee: () => succinct(1, (k) => 2 * harmonic(k), 'proved', SUCCINCT),
    create: ({ capacity, random }) => new Mark0(new Marker(capacity, random)),
  },
  'mark-and-predict': {
    summary: 'marker that prefers unmarked pages whose phase bit says they leave',
    reference: SUCCINCT,
    needs: () => 'phase bit',
    randomised: true,
    guarantee: () => succinct(2, harmonic, 'proved', SUCCINCT),
    create: ({ capacity, random }) => new MarkAndPredict(capacity, random),
  },
  discard: {
    summary: 'the lift: pages with discard bit 1 leave first, the wrapped policy decides among the others',
    reference: 'this project, THEORY section 3',
    wraps: 1,
    example: 'discard(lru)',
    needs: ([wrapped]) => {
      if (wrapped.needs === 'nothing' && !wrapped.offline) return 'discard bit';
      throw new Failure(
        `discard(${wrapped.name}): wrap an online policy without predictions, such as discard(lru)`,
      );
    },
    guarantee: ([wrapped]) => {
      const ratio = wrapped.liftRatio;
      return ratio && succinct(1, (k) => ratio(k) - 1, 'derived', 'this project, THEORY section 3');
    },
    create: ({ capacity }, [wrapped]) => new Discard(capacity, wrapped),
  },
  switch: {
    summary: 'follows one of two policies, and the other once it is behind by more than margin faults',
    reference: 'after Fiat et al. 1991 and Wei, APPROX 2020; margin and bound: this project',
    wraps: 2,
    example: 'switch(discard(lru),lru)',
    parameters: { margin: 50 },
    needs: ([first, second]) => {
      if (first.needs === 'nothing' || first.needs === second.needs) return second.needs;
      if (second.needs === 'nothing') return first.needs;
      throw new Failure(
        `switch(${first.name},${second.name}): ${first.needs} and ${second.needs} cannot be given together; ` +
          'wrap policies that need the same prediction, or one that needs nothing',
      );
    },
    create: ({ capacity, pageCount }, [first, second], { margin }) =>
      new Switch(capacity, pageCount, first, second, margin),
  },
  guard: {
    summary: 'robustness 2H(k−1)+2 around a policy that is optimal on true predictions',
    reference: 'arXiv 2507.16242',
    wraps: 1,
    example: 'guard(lazy-mark0)',
    randomised: true,
    needs: ([wrapped]) => {
      if (!wrapped.eager) return wrapped.needs;
      throw new Failure(
        `guard(${wrapped.name}): guard needs a policy that evicts only at a fault; wrap lazy-mark0 or another discard(…)`,
      );
    },
    create: ({ capacity, pageCount, random }, [wrapped]) => new Guard(capacity, pageCount, wrapped, random),
  },
};

/** Names that stand for an expression. */
export const ALIASES: Readonly<Record<string, string>> = {
  'lazy-flush-when-all-0s': 'discard(flush)',
  'lazy-mark0': 'discard(marker)',
};
