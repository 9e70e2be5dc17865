/** A cycle of the game as requests that can be served: the graph forgets the names of pages, so a walk gives them back. */

import type { Bits } from '../../paging/policy.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
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
    // Of interchangeable pages the lowest name comes first, so that the same few pages come round again.
    const order = names.map((_, other) => other);
    order.sort((a, b) => next.codes[a] - next.codes[b] || names[a] - names[b]);
    names = order.map((other) => names[other]);
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
