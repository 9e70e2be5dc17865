import type { ResultRecord } from '../simulator/result.ts';

/** A mean over seeds and half the width of its 95% confidence interval; 0 where there is one seed only. */
export interface Mean {
  readonly mean: number;
  readonly halfWidth: number;
}

/** The records of one policy on one cache size with one kind of predictions, over all their seeds. */
export interface Summary {
  readonly policy: string;
  readonly capacity: number;
  readonly predictions: string;
  readonly seeds: number;
  readonly faults: Mean;
  readonly hitRatio: Mean;
  readonly faultRatio: Mean;
  /** `null` where LRU is optimal. */
  readonly gapClosed: Mean | null;
}

/** Summarises records over their seeds; one summary where the first of its records stands. O(n). */
export function summarise(records: readonly ResultRecord[]): Summary[] {
  const groups = new Map<string, ResultRecord[]>();
  for (const record of records) {
    const key = JSON.stringify([record.capacity, record.policy, record.predictions]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [record]);
    else group.push(record);
  }
  return [...groups.values()].map((group) => {
    const [{ policy, capacity, predictions }] = group;
    const gaps = group.map(({ gapClosed }) => gapClosed).filter((gap) => gap !== null);
    return {
      policy,
      capacity,
      predictions,
      seeds: group.length,
      faults: meanOf(group.map(({ faults }) => faults)),
      hitRatio: meanOf(group.map(({ hitRatio }) => hitRatio)),
      faultRatio: meanOf(group.map(({ faultRatio }) => faultRatio)),
      gapClosed: gaps.length === 0 ? null : meanOf(gaps),
    };
  });
}

/**
 * Mean and half width of the 95% confidence interval by Student's t distribution.
 *
 * @param values at least one
 *
 * @example
 * meanOf([1, 2, 3]); // { mean: 2, halfWidth: 2.484… }
 */
export function meanOf(values: readonly number[]): Mean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, halfWidth: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, halfWidth: studentQuantile(n - 1) * Math.sqrt(squares / (n - 1) / n) };
}

/** The 97.5% quantile of Student's t distribution for 1 … 10 degrees of freedom, as tabulated. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** For more degrees of freedom by the expansion of Cornish and Fisher (Abramowitz and Stegun, 26.7.5), to four digits. */
function studentQuantile(degrees: number): number {
  if (degrees <= STUDENT.length) return STUDENT[degrees - 1];
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
