import type { ResultRecord } from '../simulator/result.ts';
import { assert } from '../support/failure.ts';
import { formatCount, formatShare, seesTheFuture } from './comparison.ts';

/**
 * Says what a figure of hit ratios against capacities shows: where most of lru's gap to belady is closed, by bits that
 * can be had if there are any, else by perfect ones, else without bits.
 *
 * @param records of any capacities, policies and predictions
 */
export function capacityHeadline(records: readonly ResultRecord[]): string {
  const upright = records.filter((record) => record.policy !== 'belady' && record.predictions !== 'inverted');
  const best =
    widest(upright.filter((record) => hasBits(record) && !seesTheFuture(record))) ??
    widest(upright.filter(hasBits)) ??
    widest(upright);
  if (best === undefined) return 'Hit ratio between the floor, lru, and the ceiling, belady';
  const pages = formatCount(best.capacity);
  return `At ${pages} pages ${seriesName(best)} closes ${formatShare(best.gapClosed)} of the gap to belady`;
}

/** The record that closes most of the gap, if any closes some. */
function widest(records: readonly ResultRecord[]): ResultRecord | undefined {
  let best: ResultRecord | undefined;
  for (const record of records) if ((record.gapClosed ?? 0) > (best?.gapClosed ?? 0)) best = record;
  return best;
}

/**
 * Says what a figure of fault ratios against flip probabilities shows: which policy stays below lru for longest, and of
 * several the one with the fewest faults at the end.
 *
 * @param records of one capacity, with predictions `none`, `perfect`, `flip:P` or `inverted`
 */
export function flipHeadline(records: readonly ResultRecord[]): string {
  const lru = records.find((record) => record.policy === 'lru');
  const predicted = records.filter(hasBits).sort((a, b) => flipProbability(a) - flipProbability(b));
  let longest: ResultRecord | undefined;
  for (const policy of new Set(predicted.map((record) => record.policy))) {
    const line = predicted.filter((record) => record.policy === policy);
    const lost = line.findIndex((record) => lru === undefined || record.faults >= lru.faults);
    const last = line.at(lost < 0 ? -1 : lost - 1);
    if (lost === 0 || last === undefined || flipProbability(last) === 0) continue;
    const longer = longest ? flipProbability(last) - flipProbability(longest) : 1;
    if (longer > 0 || (longer === 0 && longest && last.faults < longest.faults)) longest = last;
  }
  if (longest === undefined) return 'Faults relative to the optimum as more bits are flipped';
  return `${longest.policy} stays below lru up to a flip probability of ${flipProbability(longest)}`;
}

/** What a line of the first figure is called. */
export function seriesName({ policy, predictions }: ResultRecord): string {
  return predictions === 'none' ? policy : `${policy} · ${predictions}`;
}

/** Whether a record's policy was given predictions. */
export function hasBits(record: ResultRecord): boolean {
  return record.predictions !== 'none';
}

/** The probability with which each bit of a record's predictions was flipped: `perfect` 0, `flip:P` P, `inverted` 1. */
export function flipProbability({ predictions }: ResultRecord): number {
  if (predictions === 'perfect') return 0;
  if (predictions === 'inverted') return 1;
  assert(/^flip:[\d.e-]+$/.test(predictions), `predictions ${predictions} are flips of the true bits`);
  return Number(predictions.slice('flip:'.length));
}
