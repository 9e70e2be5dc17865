/** Predictions for the instances that laws are tried on: the truth, and the truth damaged in the ways theory asks for. */
import { nextRequests } from '../paging/belady.ts';
import { perfectStates } from '../paging/cache-states.ts';
import { discardLabels, extendedDiscardLabels, phaseLabels } from '../paging/labels.ts';
import { type Bits, NO_PAGE, type PredictionKind, type Predictions } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import type { SeededRandom } from '../support/random.ts';

export const DAMAGES = ['none', 'all 0', 'all 1', 'inverted', 'nearly true', 'random'] as const;

/** What is wrong with predictions. */
export type Damage = (typeof DAMAGES)[number];

/** The labels on which the errors of bits may be counted: a bound holds for each. None for other kinds. */
export function trueBits(kind: PredictionKind, sequence: RequestSequence, capacity: number): Bits[] {
  if (kind === 'phase bit') return [phaseLabels(sequence, capacity)];
  if (kind !== 'discard bit') return [];
  return [discardLabels(sequence, capacity), extendedDiscardLabels(sequence, capacity)];
}

/** The true predictions of a kind; more than one where there are several truths, none where nothing is predicted. */
export function truePredictions(
  kind: PredictionKind,
  sequence: RequestSequence,
  capacity: number,
): readonly Predictions[] {
  if (kind === 'next arrival') return [Float64Array.from(nextRequests(sequence))];
  if (kind === 'cache state') return [perfectStates(sequence, capacity)];
  return trueBits(kind, sequence, capacity);
}

/** Predictions with a given damage; zeros where nothing is predicted. */
export function damagedPredictions(
  kind: PredictionKind,
  damage: Damage,
  sequence: RequestSequence,
  capacity: number,
  random: SeededRandom,
): Predictions {
  const { length } = sequence.pages;
  if (kind === 'nothing' || damage === 'all 0') return new Uint8Array(length);
  if (damage === 'all 1') return new Uint8Array(length).fill(1);
  const noise = () => new Float64Array(length).map(() => randomPrediction(kind, sequence, random));
  if (damage === 'random') return noise();
  const truth = truePredictions(kind, sequence, capacity)[0];
  if (damage === 'none') return truth;
  if (damage === 'inverted') return otherPredictions(kind, truth);
  const wrong = noise();
  return truth.map((prediction, step) => (random.below(4) === 0 ? wrong[step] : prediction));
}

/** One prediction that knows nothing. */
export function randomPrediction(
  kind: PredictionKind,
  { pages, pageCount }: RequestSequence,
  random: SeededRandom,
): number {
  if (kind === 'next arrival') return random.below(2 * pages.length + 1);
  return random.below(kind === 'cache state' ? pageCount : kind === 'nothing' ? 1 : 2);
}

/** Different predictions: each bit the opposite, the last arrival the first, another page. */
export function otherPredictions(kind: PredictionKind, predictions: Predictions): Predictions {
  if (kind === 'nothing') return predictions;
  if (kind === 'next arrival') return Float64Array.from(predictions, (arrival) => -arrival);
  if (kind === 'cache state')
    return Float64Array.from(predictions, (page) => (page === NO_PAGE ? 0 : page === 0 ? 1 : page - 1));
  return Uint8Array.from(predictions, (bit) => 1 - bit);
}
