import { type Comparison, compare } from './compare.ts';
import { takesBits } from './predictions.ts';
import type { ResultRecord } from './result.ts';

const CAPACITIES_PER_DECADE = 6;
const FLIP_PROBABILITIES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5];

/**
 * Records for the figure of hit ratio against capacity: the comparison at capacities spread evenly on a logarithmic scale
 * around its own. Bits trained for one capacity say nothing about another, so with the source `train` the policies with
 * bits appear at the comparison's own capacities alone, and the others everywhere.
 *
 * @param records of the comparison itself
 */
export function capacityRecords(comparison: Comparison, records: readonly ResultRecord[]): ResultRecord[] {
  const { capacities, predictions, policies, trace } = comparison;
  const lowest = Math.max(1, Math.min(...capacities) / 10);
  const highest = Math.min(trace.blocks.pageCount, Math.max(...capacities) * 10);
  const steps = Math.max(1, Math.ceil(CAPACITIES_PER_DECADE * Math.log10(highest / lowest)));
  const grid = new Set<number>();
  for (let i = 0; i <= steps; i++) grid.add(Math.round(lowest * (highest / lowest) ** (i / steps)));
  for (const capacity of capacities) grid.delete(capacity);
  const trained = predictions.some(({ kind }) => kind === 'train');
  const shown = trained ? policies.filter(({ needs }) => needs === 'nothing') : policies;
  return [...records, ...compare({ ...comparison, policies: shown, capacities: [...grid] })];
}

/** Records for the figure of fault ratio against flip probability: the policies with bits, at the first capacity. */
export function flipRecords(comparison: Comparison): ResultRecord[] {
  const policies = comparison.policies.filter(takesBits);
  const predictions = FLIP_PROBABILITIES.map((probability) => ({ kind: 'flip' as const, probability }));
  return [
    ...compare({ ...comparison, policies, predictions, capacities: comparison.capacities.slice(0, 1) }),
  ];
}
