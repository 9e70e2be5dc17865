/** A cycle of the game as requests that can be served: the graph forgets the names of pages, so a walk gives them back. */

import { optimalFaults } from '../../paging/belady.ts';
import { discardLabels } from '../../paging/labels.ts';
import type { Bits } from '../../paging/policy.ts';
import { predictionError } from '../../paging/prediction-error.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
import { assert } from '../../support/failure.ts';
import { add, type Rational, rational } from '../../support/rational.ts';
import { type GameGraph, moveOf, type Step, walkTo } from './game-graph.ts';
import { canonical, type Position, positionKey } from './rival-game.ts';

export interface Request {
  readonly page: number;
  readonly bit: number;
}

/** Requests that lead from empty caches to a cycle, and those that repeat. */
export interface UnrolledCycle {
  readonly approach: readonly Request[];
  readonly period: readonly Request[];
}

/**
 * Unrolls a cycle. Going round once may rename the pages, so the period is as many rounds as it takes to come back to the same
 * names; with a fixed choice among interchangeable pages it always does.
 */
export function unroll(graph: GameGraph, cycle: readonly Step[]): UnrolledCycle {
  const requests: Request[] = [];
  let position = graph.game.start();
  const follow = (step: Step) => {
    assert(
      positionKey(canonical(position)) === positionKey(graph.positions[step.from]),
      'the walk has left the graph',
    );
    const { codes } = graph.positions[step.from];
    const { page, bit, evicted } = moveOf(graph, step);
    const named = (index: number) => (index < 0 ? -1 : position.codes.indexOf(codes[index]));
    requests.push({ page: named(page), bit });
    position = graph.game.play(position, named(page), bit, named(evicted));
  };
  walkTo(graph, cycle[0].from).forEach(follow);
  const rounds = new Map<string, number>();
  const name = ({ codes, shared }: Position) => `${codes.join()} ${shared}`;
  while (!rounds.has(name(position))) {
    rounds.set(name(position), requests.length);
    cycle.forEach(follow);
  }
  const from = rounds.get(name(position)) as number;
  return { approach: requests.slice(0, from), period: requests.slice(from) };
}

/** The requests of a cycle repeated, as a sequence with its bits. */
export function repeat(
  { approach, period }: UnrolledCycle,
  pageCount: number,
  repetitions: number,
): { sequence: RequestSequence; bits: Bits } {
  const requests = [...approach];
  for (let i = 0; i < repetitions; i++) requests.push(...period);
  return {
    sequence: { pages: Uint32Array.from(requests, ({ page }) => page), pageCount },
    bits: Uint8Array.from(requests, ({ bit }) => bit),
  };
}

/** What a policy and Belady's rule (LFD) pay, with the errors of the bits on LFD's labels. */
export interface LfdScore {
  readonly repetitions: number;
  readonly faults: Rational;
  readonly optimum: number;
  readonly eta0: number;
  readonly eta1: number;
}

/** A multiple of all small numbers, since LFD may repeat itself only after several periods. */
const REPETITIONS = 60;

/**
 * What a long run of a cycle costs against LFD itself, with the true labels: what 2·60 repetitions cost more than 60, so that the
 * beginning and the end do not count.
 */
export function scoreAgainstLfd(graph: GameGraph, cycle: UnrolledCycle): LfdScore {
  const long = scoreOf(graph, cycle, 2 * REPETITIONS);
  const short = scoreOf(graph, cycle, REPETITIONS);
  return {
    repetitions: REPETITIONS,
    faults: add(long.faults, rational(-short.faults.numerator, short.faults.denominator)),
    optimum: long.optimum - short.optimum,
    eta0: long.eta0 - short.eta0,
    eta1: long.eta1 - short.eta1,
  };
}

function scoreOf({ game }: GameGraph, cycle: UnrolledCycle, repetitions: number): LfdScore {
  const { model, capacity, pageCount } = game;
  const { sequence, bits } = repeat(cycle, pageCount, repetitions);
  let state = model.start(pageCount);
  let faults = rational(0);
  sequence.pages.forEach((page, i) => {
    const served = model.serve(state, page, bits[i]);
    faults = add(faults, served.faults);
    state = served.state;
  });
  const optimum = optimalFaults(sequence, capacity);
  if (!model.usesBits) return { repetitions, faults, optimum, eta0: 0, eta1: 0 };
  return { repetitions, faults, optimum, ...predictionError(bits, discardLabels(sequence, capacity)) };
}
