/** The predictions of an experiment: named on the command line, turned into one bit per request here. */

import type { CatalogPolicy } from '../paging/definition.ts';
import { discardLabels, phaseLabels } from '../paging/labels.ts';
import type { Bits } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { flipBits, invertBits, randomBits } from '../predictors/noise.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';

/** Where bits come from, as plain data. `learned` bits are discard bits made by a model, once for each capacity. */
export type PredictionSource =
  | { readonly kind: 'perfect' | 'inverted' | 'random' | 'train' }
  | { readonly kind: 'flip'; readonly probability: number }
  | { readonly kind: 'model'; readonly file: string };

/**
 * Reads `perfect`, `inverted`, `random`, `flip:P`, `model:FILE` or `train`.
 *
 * @throws Failure for anything else, or a probability outside 0 … 1
 */
export function parsePredictions(text: string): PredictionSource {
  if (text === 'perfect' || text === 'inverted' || text === 'random' || text === 'train')
    return { kind: text };
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (kind === 'flip') {
    const probability = Number(rest);
    if (rest !== '' && probability >= 0 && probability <= 1) return { kind, probability };
    throw new Failure(`predictions “${text}”: the probability must be between 0 and 1, for example flip:0.1`);
  }
  if (kind === 'model' && rest !== '') return { kind, file: rest };
  throw new Failure(
    `unknown predictions “${text}”; use perfect, inverted, random, flip:P, model:FILE or train, for example flip:0.1`,
  );
}

/** Writes a source the way `parsePredictions` reads it. */
export function formatPredictions(source: PredictionSource): string {
  if (source.kind === 'flip') return `flip:${source.probability}`;
  if (source.kind === 'model') return `model:${source.file}`;
  return source.kind;
}

/**
 * Refuses a source that cannot give a policy what it needs, before anything is run.
 *
 * @throws Failure naming the policy and the remedy
 */
export function checkPredictions({ kind }: PredictionSource, policies: readonly CatalogPolicy[]): void {
  for (const { name, needs } of policies) {
    if ((kind === 'train' || kind === 'model') && needs === 'phase bit') {
      throw new Failure(
        `${name} needs phase bits, but a model predicts discard bits; leave it out or use --predictions perfect`,
      );
    }
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

/**
 * The bits a policy is given.
 *
 * @param labels the true bits for this policy
 * @param learned a model's discard bits, for the sources `train` and `model`
 * @param seed of random and flipped bits
 */
export function makeBits(
  source: PredictionSource,
  policy: CatalogPolicy,
  labels: Bits,
  learned: Bits | undefined,
  seed: number,
): Bits {
  switch (source.kind) {
    case 'perfect':
      return labels;
    case 'inverted':
      return invertBits(labels);
    case 'random':
      return randomBits(labels.length, new SeededRandom(seed));
    case 'flip':
      return flipBits(labels, source.probability, new SeededRandom(seed));
    default:
      assert(learned !== undefined && policy.needs === 'discard bit', 'checkPredictions has seen to it');
      return learned;
  }
}
