/** Predictions made: from a source, one prediction per request. */

import { cacheStates, perfectStates } from '../paging/cache-states.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import { discardLabels, phaseLabels } from '../paging/labels.ts';
import type { Bits } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { findPolicy } from '../policies/find-policy.ts';
import {
  noisyArrivals,
  perfectArrivals,
  plecoArrivals,
  popularityArrivals,
} from '../predictors/next-arrival.ts';
import { flipBits, flipBursts, flipRequests, invertBits, randomBits } from '../predictors/noise.ts';
import { worstFlips } from '../predictors/worst-flips.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import type { PredictionSource } from './predictions.ts';

/** True labels of one sequence at one capacity, each kind computed when first asked for. */
export class Labels {
  readonly capacity: number;
  private readonly sequence: RequestSequence;
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

/** What bits may be made from, besides the true ones. */
export interface BitMaterial {
  /** Of the coins that decide which bits are wrong. */
  readonly seed: number;
  /** The pages whose bits a model lets turn, where the source `isLearned`. */
  readonly learned: Uint32Array | undefined;
  /** Index of each serving request's first bit, and the number of bits at the end. */
  readonly firstBlock: Uint32Array;
  /** `nextRequests` of the sequence. */
  readonly next: Uint32Array;
  /** Faults of the policy on bits, for a source that searches for bad ones. */
  readonly faults: (bits: Bits) => number;
}

/**
 * The bits a policy is given.
 *
 * @param labels the true bits for this policy
 */
export function makeBits(source: PredictionSource, labels: Bits, material: BitMaterial): GivenBits {
  const random = new SeededRandom(material.seed);
  switch (source.kind) {
    case 'perfect':
      return { predictions: labels };
    case 'inverted':
      return { predictions: invertBits(labels) };
    case 'random':
      return { predictions: randomBits(labels.length, random) };
    case 'flip':
      return { predictions: flipBits(labels, source.probability, random) };
    case 'flip-requests':
      return { predictions: flipRequests(labels, material.firstBlock, source.probability, random) };
    case 'bursts':
      return { predictions: flipBursts(labels, source.probability, source.length, random) };
    case 'adversarial': {
      const budget = Math.floor(source.probability * labels.length);
      return { predictions: worstFlips(labels, material.next, budget, material.faults, random) };
    }
    default:
      assert(material.learned !== undefined, 'checkPredictions has seen to it');
      return { predictions: new Uint8Array(labels.length), late: material.learned };
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

/**
 * The cache states a policy is given: those of Belady's rule for `perfect`, else those of the cache that follows the next
 * arrivals which the source gives.
 *
 * @param next `nextRequests(sequence)`
 * @param seed of random and noisy arrivals
 */
export function makeStates(
  source: PredictionSource,
  sequence: RequestSequence,
  capacity: number,
  next: Uint32Array,
  seed: number,
): Float64Array {
  if (source.kind === 'perfect') return perfectStates(sequence, capacity, next);
  const { pageCount } = sequence;
  const run = { capacity, pageCount, random: new SeededRandom(seed), sequence };
  const follower = findPolicy('follow-the-prediction').create(run);
  return cacheStates(sequence, capacity, follower, makeArrivals(source, sequence, next, seed));
}
