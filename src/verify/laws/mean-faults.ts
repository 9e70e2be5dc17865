/** Expected faults: exact through the tree of coins where it is small enough to walk, else estimated from sampled runs. */
import type { CatalogPolicy } from '../../paging/definition.ts';
import { SeededRandom } from '../../support/random.ts';
import { TooManyLeaves } from '../coin-tree.ts';
import { expectedFaults } from '../expected-faults.ts';
import type { Instance } from '../instance.ts';
import { startCache } from './law.ts';

/** Requests served for one exact expectation, over all leaves; beyond it a sample is cheaper and as telling. */
const MOST_REQUESTS = 30_000;
/** Runs of a first look, and of the sample that decides where the first look is above the bound. */
const FIRST_RUNS = 20;
const DECIDING_RUNS = 500;
/** Standard errors that a sampled mean must be above a bound to break it: one case in 30,000 by chance. */
const ERRORS = 4;

/** What is known of the expected faults on one instance. */
export interface MeanFaults {
  readonly mean: number;
  /** Faults that are certain, but for the confidence of the interval; the mean itself where it is exact. */
  readonly atLeast: number;
  /** Number of runs sampled, 0 where the mean is exact. */
  readonly runs: number;
}

/**
 * @param bound what the faults are held against: only a first look above it is followed by the deciding sample, of fresh runs
 */
export function meanFaults(policy: CatalogPolicy, instance: Instance, bound: number): MeanFaults {
  const { sequence, capacity, predictions, seed } = instance;
  if (!policy.randomised) {
    const faults = startCache(policy, instance).serve(sequence, predictions);
    return { mean: faults, atLeast: faults, runs: 0 };
  }
  const leaves = Math.floor(MOST_REQUESTS / (sequence.pages.length + 1));
  // A long run that is random at all has more leaves than can be walked: not even a start is made.
  if (leaves >= LEAST_LEAVES) {
    try {
      const mean = expectedFaults(policy, capacity, sequence, predictions, leaves);
      return { mean, atLeast: mean, runs: 0 };
    } catch (error) {
      if (!(error instanceof TooManyLeaves)) throw error;
    }
  }
  const random = new SeededRandom(seed);
  const look = sample(policy, instance, random, FIRST_RUNS);
  return look.mean <= bound ? look : sample(policy, instance, random, DECIDING_RUNS);
}

const LEAST_LEAVES = 1000;

function sample(policy: CatalogPolicy, instance: Instance, random: SeededRandom, runs: number): MeanFaults {
  const { sequence, predictions } = instance;
  let sum = 0;
  let squares = 0;
  for (let run = 0; run < runs; run++) {
    const faults = startCache(policy, instance, random).serve(sequence, predictions);
    sum += faults;
    squares += faults * faults;
  }
  const mean = sum / runs;
  const variance = Math.max(0, squares / runs - mean * mean);
  return { mean, atLeast: runs < DECIDING_RUNS ? 0 : mean - ERRORS * Math.sqrt(variance / runs), runs };
}
