/** The attention of one answer as masses, and the requests for blocks that follow from it. */
import { type AttentionTrace, blocksAt, firstCells, massOf } from '../../src/traces/attention-trace.ts';

/** One answer: the attention mass of each block in each step, averaged over layers and heads. */
export interface Sequence {
  readonly steps: readonly Float64Array[];
  /** Blocks at the last step, all that there are. */
  readonly blocks: number;
}

/** Requests for blocks in order, with the end of each step among them. */
export interface Requests {
  readonly pages: Uint32Array;
  readonly pageCount: number;
  /** The step after which each request is made. */
  readonly step: Uint32Array;
}

/** All sequences of at least `leastSteps` steps, in order of arrival. */
export function sequencesOf(trace: AttentionTrace, leastSteps: number): Sequence[] {
  const first = firstCells(trace);
  const sequences: Sequence[] = [];
  trace.steps.forEach((count, s) => {
    if (count < leastSteps) return;
    let at = first[s];
    const steps = Array.from({ length: count }, (_, step) => {
      const blocks = blocksAt(trace, s, step);
      at += blocks;
      return Float64Array.from(trace.mean.subarray(at - blocks, at), massOf);
    });
    sequences.push({ steps, blocks: steps[count - 1].length });
  });
  return sequences;
}

/**
 * The requests of a sequence: after each step every block whose mass exceeds `share`, the lightest first. The block that the
 * next token is written to is held in any case and not asked for until it is full. The first step asks for all
 * blocks, since the prompt has just been read. O(cells log blocks).
 *
 * @param share of a step's attention, in 0 … 1
 */
export function requestsOf({ steps, blocks }: Sequence, share: number): Requests {
  const pages: number[] = [];
  const step: number[] = [];
  steps.forEach((mass, j) => {
    const written = (steps[j + 1] ?? mass).length - 1;
    const isAsked = (block: number) => j === 0 || mass[block] > share || block === mass.length - 1;
    const asked = [...mass.keys()].filter((block) => block < written && isAsked(block));
    for (const block of asked.sort((a, b) => mass[a] - mass[b] || a - b)) {
      pages.push(block);
      step.push(j);
    }
  });
  return { pages: Uint32Array.from(pages), pageCount: blocks, step: Uint32Array.from(step) };
}
