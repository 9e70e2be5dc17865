import { findPolicy, optimalFaults, type RequestSequence, simulate } from '../../src/index.ts';
import { type BitRule, noiseSeed, predictionsFor, predictor } from './predictions.ts';

/** Request sequences that are scored together. */
export interface Dataset {
  readonly name: string;
  readonly capacity: number;
  readonly instances: readonly RequestSequence[];
  /** OPT, pooled. */
  readonly optFaults: number;
}

/** A policy, and how its discard bits are derived where it needs some. */
export interface Row {
  readonly policy: string;
  readonly bits?: BitRule;
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

/**
 * One column of the tables: each row with one kind of predictions on one dataset.
 *
 * @param kind `none`, `popularity`, `pleco` or `noise:σ`
 * @param seeds each seeds its own noise and coins
 */
export function cells(
  { instances, capacity, optFaults }: Dataset,
  rows: readonly Row[],
  kind: string,
  seeds: readonly number[],
): Cell[] {
  const predictions = kind === 'none' ? undefined : predictor(kind, instances, capacity);
  const policies = rows.map(({ policy }) => findPolicy(policy));
  const isNoisy = kind.startsWith('noise') && kind !== 'noise:0';
  const ratios = rows.map((): number[] => []);
  for (const seed of seeds) {
    const running = policies.map((policy) => isNoisy || policy.randomised || seed === seeds[0]);
    const faults = rows.map(() => 0);
    instances.forEach((sequence, instance) => {
      const told = predictions?.(instance, seed);
      policies.forEach((policy, i) => {
        if (!running[i]) return;
        const run = { sequence, policy, capacity, seed: noiseSeed(seed, instance, instances) };
        const given = told && predictionsFor(policy.needs, told, rows[i].bits ?? 'schedule');
        faults[i] += simulate({ ...run, ...(given && { predictions: given }) });
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
