import {
  type CatalogPolicy,
  discardLabels,
  findPolicy,
  flipBits,
  optimalFaults,
  phaseLabels,
  predictionError,
  type RequestSequence,
  SeededRandom,
  simulate,
} from '../../src/index.ts';

/** The cache size of the published experiments on these instances. */
export const CAPACITY = 10;

/** Pooled results at one flip probability, means over the seeds. */
export interface Row {
  readonly p: number;
  /** Σ faults / Σ OPT over all instances, one per policy. */
  readonly ratios: number[];
  /** Σ errors of the discard bits. */
  readonly eta0: number;
  readonly eta1: number;
}

/** What the reference states besides the table. */
export interface Facts {
  readonly requests: number;
  readonly optFaults: number;
  /** Share of 1s among the true labels. */
  readonly trueOnes: { readonly discard: number; readonly phase: number };
}

export function facts(instances: readonly RequestSequence[]): Facts {
  const requests = sum(instances.map(({ pages }) => pages.length));
  const ones = (label: typeof phaseLabels) =>
    sum(instances.map((instance) => sum(label(instance, CAPACITY)))) / requests;
  return {
    requests,
    optFaults: sum(instances.map((instance) => optimalFaults(instance, CAPACITY))),
    trueOnes: { discard: ones((instance) => discardLabels(instance, CAPACITY)), phase: ones(phaseLabels) },
  };
}

/**
 * One row of the table: every policy on every instance with every seed, its bits flipped with probability p.
 *
 * @param seeds each seeds its own noise and coins
 */
export function row(
  instances: readonly RequestSequence[],
  policies: readonly string[],
  p: number,
  seeds: readonly number[],
): Row {
  const resolved = policies.map((name) => findPolicy(name));
  const faults = resolved.map(() => 0);
  const errors = { eta0: 0, eta1: 0 };
  let opt = 0;
  for (const instance of instances) {
    opt += optimalFaults(instance, CAPACITY);
    const labels = { discard: discardLabels(instance, CAPACITY), phase: phaseLabels(instance, CAPACITY) };
    const truth = ({ needs }: CatalogPolicy) => (needs === 'phase bit' ? labels.phase : labels.discard);
    for (const seed of seeds) {
      // Instances differ in their noise, too: the seed alone would flip the same positions in each.
      const noise = seed * instances.length + instances.indexOf(instance);
      resolved.forEach((policy, i) => {
        const predictions = flipBits(truth(policy), p, new SeededRandom(noise));
        faults[i] += simulate({ sequence: instance, policy, capacity: CAPACITY, predictions, seed: noise });
      });
      const error = predictionError(flipBits(labels.discard, p, new SeededRandom(noise)), labels.discard);
      errors.eta0 += error.eta0 / seeds.length;
      errors.eta1 += error.eta1 / seeds.length;
    }
  }
  return { p, ratios: faults.map((count) => count / seeds.length / opt), ...errors };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const x of numbers) total += x;
  return total;
}
