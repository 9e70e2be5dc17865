/** The predictions of an experiment: named on the command line, turned into one prediction per request here. */

import type { CatalogPolicy } from '../paging/definition.ts';
import { discardLabels, phaseLabels } from '../paging/labels.ts';
import type { Bits, PredictionKind } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import {
  noisyArrivals,
  perfectArrivals,
  plecoArrivals,
  popularityArrivals,
} from '../predictors/next-arrival.ts';
import { flipBits, invertBits, randomBits } from '../predictors/noise.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';

/** Where predictions come from, as plain data; each source gives some kinds of them (`GIVES`). */
export type PredictionSource =
  | { readonly kind: 'perfect' | 'inverted' | 'random' | 'train' | 'popularity' | 'pleco' }
  | { readonly kind: 'flip'; readonly probability: number }
  | { readonly kind: 'noise'; readonly sigma: number }
  | { readonly kind: 'model'; readonly file: string };

const PLAIN = ['perfect', 'inverted', 'random', 'train', 'popularity', 'pleco'] as const;

const BITS: readonly PredictionKind[] = ['discard bit', 'phase bit'];

/** The kinds of predictions that each source can give. */
const GIVES: Readonly<Record<PredictionSource['kind'], readonly PredictionKind[]>> = {
  perfect: [...BITS, 'next arrival'],
  inverted: [...BITS, 'next arrival'],
  random: [...BITS, 'next arrival'],
  flip: BITS,
  train: ['discard bit'],
  model: ['discard bit'],
  noise: ['next arrival'],
  popularity: ['next arrival'],
  pleco: ['next arrival'],
};

/** For the remedy of a refusal: sources that do give a kind. */
const INSTEAD: Readonly<Partial<Record<PredictionKind, string>>> = {
  'discard bit': 'perfect, flip:P, model:FILE or train',
  'phase bit': 'perfect or flip:P',
  'next arrival': 'perfect, noise:SIGMA, popularity or pleco',
};

/**
 * Reads `perfect`, `inverted`, `random`, `flip:P`, `noise:SIGMA`, `popularity`, `pleco`, `model:FILE` or `train`.
 *
 * @throws Failure for anything else, a probability outside 0 … 1, or a negative σ
 */
export function parsePredictions(text: string): PredictionSource {
  const plain = PLAIN.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (kind === 'flip') {
    const probability = Number(rest);
    if (rest !== '' && probability >= 0 && probability <= 1) return { kind, probability };
    throw new Failure(`predictions “${text}”: the probability must be between 0 and 1, for example flip:0.1`);
  }
  if (kind === 'noise') {
    const sigma = Number(rest);
    if (rest !== '' && sigma >= 0 && sigma < Infinity) return { kind, sigma };
    throw new Failure(`predictions “${text}”: σ must be a number ≥ 0, for example noise:5`);
  }
  if (kind === 'model' && rest !== '') return { kind, file: rest };
  throw new Failure(
    `unknown predictions “${text}”; use ${PLAIN.join(', ')}, flip:P, noise:SIGMA or model:FILE, for example flip:0.1`,
  );
}

/** Writes a source the way `parsePredictions` reads it. */
export function formatPredictions(source: PredictionSource): string {
  if (source.kind === 'flip') return `flip:${source.probability}`;
  if (source.kind === 'noise') return `noise:${source.sigma}`;
  if (source.kind === 'model') return `model:${source.file}`;
  return source.kind;
}

/** Whether a policy takes discard or phase bits. */
export function takesBits({ needs }: CatalogPolicy): boolean {
  return BITS.includes(needs);
}

/**
 * Refuses a source that cannot give a policy what it needs, before anything is run.
 *
 * @throws Failure naming the policy and the remedy
 */
export function checkPredictions(source: PredictionSource, policies: readonly CatalogPolicy[]): void {
  for (const { name, needs } of policies) {
    if (needs === 'nothing' || GIVES[source.kind].includes(needs)) continue;
    const instead = INSTEAD[needs];
    throw new Failure(
      `${name} needs ${needs}s, but predictions “${formatPredictions(source)}” cannot give them; leave it out` +
        (instead === undefined ? '' : ` or use --predictions ${instead}`),
    );
  }
}

/** True labels of one sequence at one capacity, each kind computed when first asked for. */
export class Labels {
  private readonly sequence: RequestSequence;
  private readonly capacity: number;
  private readonly next: Uint32Array;
  private discard: Bits | undefined;
  private phase: Bits | undefined;

  /** @param next `nextRequests(sequence)` */
  constructor(sequence: RequestSequence, capacity: number, next: Uint32Array) {
    this.sequence = sequence;
    this.capacity = capacity;
    this.next = next;
  }

  /** @throws Failure for a policy that does not take bits */
  of(policy: CatalogPolicy): Bits {
    if (policy.needs === 'discard bit') {
      this.discard ??= discardLabels(this.sequence, this.capacity, this.next);
      return this.discard;
    }
    if (policy.needs === 'phase bit') {
      this.phase ??= phaseLabels(this.sequence, this.capacity);
      return this.phase;
    }
    throw new Failure(`${policy.name} needs ${policy.needs}, which no source of bits can give`);
  }
}

/** Bits as a policy is given them. */
export interface GivenBits {
  /** One per request, known with it. */
  readonly predictions: Bits;
  /** For each request a page whose discard bit turns 1 just before it, or `NO_PAGE`; absent if bits never turn. */
  readonly late?: Uint32Array;
}

/**
 * The bits a policy is given.
 *
 * @param labels the true bits for this policy
 * @param learned the pages whose bits a model lets turn, for the sources `train` and `model`
 * @param seed of random and flipped bits
 */
export function makeBits(
  source: PredictionSource,
  policy: CatalogPolicy,
  labels: Bits,
  learned: Uint32Array | undefined,
  seed: number,
): GivenBits {
  switch (source.kind) {
    case 'perfect':
      return { predictions: labels };
    case 'inverted':
      return { predictions: invertBits(labels) };
    case 'random':
      return { predictions: randomBits(labels.length, new SeededRandom(seed)) };
    case 'flip':
      return { predictions: flipBits(labels, source.probability, new SeededRandom(seed)) };
    default:
      assert(learned !== undefined && policy.needs === 'discard bit', 'checkPredictions has seen to it');
      return { predictions: new Uint8Array(labels.length), late: learned };
  }
}

/**
 * The next arrivals a policy is given. `inverted` makes the page that comes back last look like the first.
 *
 * @param next `nextRequests(sequence)`
 * @param seed of random and noisy arrivals
 */
export function makeArrivals(
  source: PredictionSource,
  sequence: RequestSequence,
  next: Uint32Array,
  seed: number,
): Float64Array {
  const random = new SeededRandom(seed);
  switch (source.kind) {
    case 'perfect':
      return perfectArrivals(sequence, next);
    case 'inverted':
      return perfectArrivals(sequence, next).map((arrival) => -arrival);
    case 'random':
      return new Float64Array(next.length).map((_, step) => step + 1 + random.below(next.length));
    case 'noise':
      return noisyArrivals(perfectArrivals(sequence, next), source.sigma, random);
    case 'popularity':
      return popularityArrivals(sequence);
    default:
      assert(source.kind === 'pleco', 'checkPredictions has seen to it');
      return plecoArrivals(sequence);
  }
}
