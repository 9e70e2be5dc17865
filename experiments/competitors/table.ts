import {
  type CatalogPolicy,
  findPolicy,
  noisyArrivals,
  optimalFaults,
  perfectArrivals,
  plecoArrivals,
  popularityArrivals,
  type RequestSequence,
  SeededRandom,
  simulate,
} from '../../src/index.ts';

/** Request sequences that are scored together. */
export interface Dataset {
  readonly name: string;
  readonly capacity: number;
  readonly instances: readonly RequestSequence[];
  /** OPT, pooled. */
  readonly optFaults: number;
}

/** Pooled faults / OPT of one policy with one kind of predictions. */
export interface Cell {
  /** Mean over the seeds. */
  readonly ratio: number;
  /** Standard deviation of one seed; 0 where there is nothing random. */
  readonly deviation: number;
}

/** How far two means of ten runs each may be apart, 99% of the time, in standard deviations of one run. */
const APART = 2.878 * Math.sqrt(2 / 10);
/** The reference is rounded to three decimals. */
const ROUNDING = 0.0005;

/** What may lie between a cell and its reference: its rounding, and the chance of both. */
export function tolerance({ deviation }: Cell): number {
  return ROUNDING + APART * deviation;
}

export function dataset(name: string, capacity: number, instances: readonly RequestSequence[]): Dataset {
  const optFaults = instances.reduce((sum, instance) => sum + optimalFaults(instance, capacity), 0);
  return { name, capacity, instances, optFaults };
}

/** For each instance its predictions under a seed; kinds without noise are computed once. */
export type Predictor = (instance: number, seed: number) => Float64Array | undefined;

/**
 * Predictions by name.
 *
 * @param kind `none`, `popularity`, `pleco` or `noise:σ`
 */
export function predictor(kind: string, instances: readonly RequestSequence[]): Predictor {
  if (kind === 'none') return () => undefined;
  if (kind === 'popularity' || kind === 'pleco') {
    const predicted = instances.map(kind === 'pleco' ? plecoArrivals : popularityArrivals);
    return (instance) => predicted[instance];
  }
  const sigma = Number(kind.slice('noise:'.length));
  const truth = instances.map((instance) => perfectArrivals(instance));
  // Instances differ in their noise, too: the seed alone would give the same to each.
  return (instance, seed) =>
    noisyArrivals(truth[instance], sigma, new SeededRandom(seed * instances.length + instance));
}

/**
 * One row of the table: each policy with one kind of predictions on one dataset.
 *
 * @param seeds each seeds its own noise and coins
 */
export function cells(
  { instances, capacity, optFaults }: Dataset,
  policies: readonly string[],
  kind: string,
  seeds: readonly number[],
): Cell[] {
  const predictions = predictor(kind, instances);
  const resolved = policies.map((name) => findPolicy(name));
  const isNoisy = kind.startsWith('noise');
  const ratios = resolved.map((): number[] => []);
  for (const seed of seeds) {
    const running = resolved.map(
      (policy: CatalogPolicy) => isNoisy || policy.randomised || seed === seeds[0],
    );
    const faults = resolved.map(() => 0);
    instances.forEach((sequence, instance) => {
      const predicted = predictions(instance, seed);
      resolved.forEach((policy, i) => {
        if (!running[i]) return;
        const run = { sequence, policy, capacity, seed: seed * instances.length + instance };
        faults[i] += simulate({ ...run, ...(predicted && { predictions: predicted }) });
      });
    });
    faults.forEach((count, i) => {
      if (running[i]) ratios[i].push(count / optFaults);
    });
  }
  return ratios.map(summary);
}

function summary(ratios: readonly number[]): Cell {
  const ratio = ratios.reduce((sum, x) => sum + x, 0) / ratios.length;
  const squares = ratios.reduce((sum, x) => sum + (x - ratio) ** 2, 0);
  return { ratio, deviation: ratios.length > 1 ? Math.sqrt(squares / (ratios.length - 1)) : 0 };
}
