/** All ways to hold blocks, measured on the later sequences of a trace; what is learned is learned from the earlier ones. */
import { discardLabels } from '../../src/paging/labels.ts';
import type { Bits } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { featuresOf, Logistic } from './learn.ts';
import { type Kept, keptByPolicy, keptByRule, type Rule, roomOf } from './residency.ts';
import { heaviestLately, heavyHitters, heavyHittersBack, optimum, sinksAndWindow } from './rules.ts';
import { type Requests, requestsOf, type Sequence } from './sequences.ts';

const TRAIN_FRACTION = 0.6;
/** Of the training sequences, those that the threshold is chosen on. */
const HELD_OUT = 0.25;
const THRESHOLDS = [0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
const ONE_BIT = 'discard(lru)';

/** One way at one budget. */
export interface Measured {
  readonly name: string;
  /** Mean share of a step's attention on what was held when it began. */
  readonly kept: number;
  /** Blocks brought back, a step. */
  readonly loads: number;
}

interface Case {
  readonly sequence: Sequence;
  readonly requests: Requests;
  readonly room: number;
}

/**
 * @param sequences in order of arrival
 * @param budget share of a sequence's blocks that fit
 * @param share of a step's attention above which it asks for a block
 * @returns each way, in the order in which they are shown
 */
export function measure(sequences: readonly Sequence[], budget: number, share: number): Measured[] {
  const cases = sequences.map((sequence) => ({
    sequence,
    requests: requestsOf(sequence, share),
    room: roomOf(sequence, budget),
  }));
  const trained = Math.floor(TRAIN_FRACTION * cases.length);
  const scored = cases.slice(trained);
  const bits = learn(cases.slice(0, trained), share);
  const rule = (name: string, make: (sequence: Sequence) => Rule) =>
    summary(
      name,
      scored.map(({ sequence, room }) => keptByRule(sequence, room, make(sequence))),
    );
  const paging = (name: string, policy: string, bitsOf?: (one: Case) => Bits) =>
    summary(
      name,
      scored.map((one) => run(one, policy, bitsOf?.(one))),
    );
  const perfect = ({ requests, room }: Case) => discardLabels(requests, room);
  return [
    rule('sinks and window', () => sinksAndWindow),
    rule('heavy hitters, dropped for good', () => heavyHitters),
    rule('heavy hitters, brought back', () => heavyHittersBack),
    rule('heaviest in the last step', () => heaviestLately),
    paging('lru', 'lru'),
    paging(`${ONE_BIT}, learned bits`, ONE_BIT, bits),
    paging(`${ONE_BIT}, learned bits inverted`, ONE_BIT, (one) => bits(one).map((bit) => 1 - bit)),
    paging(`${ONE_BIT}, perfect bits`, ONE_BIT, perfect),
    paging('belady', 'belady'),
    rule('optimum', ({ steps }) => optimum(steps)),
  ];
}

/** Fits on the earlier of the training cases, chooses the threshold of fewest loads on the later ones. */
function learn(training: readonly Case[], share: number): (one: Case) => Bits {
  const fitted = training.slice(0, Math.ceil((1 - HELD_OUT) * training.length));
  const rows = fitted.flatMap(({ sequence, requests }) => featuresOf(sequence, requests, share));
  const labels = fitted.flatMap(({ requests, room }) => [...discardLabels(requests, room)]);
  const model = new Logistic(rows, labels, 1);
  const probabilities = ({ sequence, requests }: Case) =>
    featuresOf(sequence, requests, share).map((row) => model.probability(row));
  const bitsAbove = (values: readonly number[], threshold: number) =>
    Uint8Array.from(values, (value) => Number(value > threshold));
  const held = training.slice(fitted.length).map((one) => ({ one, values: probabilities(one) }));
  const loads = (threshold: number) =>
    held.reduce((sum, { one, values }) => sum + run(one, ONE_BIT, bitsAbove(values, threshold)).loads, 0);
  const counts = THRESHOLDS.map(loads);
  const best = THRESHOLDS[counts.indexOf(Math.min(...counts))];
  return (one) => bitsAbove(probabilities(one), best);
}

function run({ sequence, requests, room }: Case, policy: string, bits?: Bits): Kept {
  return keptByPolicy(sequence, requests, room, findPolicy(policy), bits);
}

function summary(name: string, parts: readonly Kept[]): Measured {
  const total = (field: keyof Kept) => parts.reduce((sum, part) => sum + part[field], 0);
  return { name, kept: total('mass') / total('steps'), loads: total('loads') / total('steps') };
}
