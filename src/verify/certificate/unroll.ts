/** A cycle of the game as requests that can be served: the graph forgets the names of pages, so a walk gives them back. */

import { optimalFaults } from '../../paging/belady.ts';
import { discardLabels, phaseLabels } from '../../paging/labels.ts';
import type { Bits } from '../../paging/policy.ts';
import { predictionError } from '../../paging/prediction-error.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
import { add, type Rational, rational } from '../../support/rational.ts';
import { canonicalOrder } from './game.ts';
import { type GameGraph, moveOf, type Step, walkTo } from './game-graph.ts';

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
  // The page that each page of the representative stands for.
  let names = graph.positions[0].codes.map((_, page) => page);
  const follow = (step: Step) => {
    const { page, bit, next } = moveOf(graph, step);
    requests.push({ page: names[page], bit });
    names = canonicalOrder(next).map((other) => names[other]);
  };
  walkTo(graph, cycle[0].from).forEach(follow);
  const rounds = new Map<string, number>();
  const { codes } = graph.positions[cycle[0].from];
  // Pages with equal codes are interchangeable, so only the code of each page counts.
  const renaming = () => names.map((_, page) => codes[names.indexOf(page)]).join();
  while (!rounds.has(renaming())) {
    rounds.set(renaming(), requests.length);
    cycle.forEach(follow);
  }
  const from = rounds.get(renaming()) as number;
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
  if (model.needs === 'nothing') return { repetitions, faults, optimum, eta0: 0, eta1: 0 };
  const labels = (model.needs === 'phase bit' ? phaseLabels : discardLabels)(sequence, capacity);
  return { repetitions, faults, optimum, ...predictionError(bits, labels) };
}
