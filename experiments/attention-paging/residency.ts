/** How much attention falls on the blocks that are held, and how many have to be brought back for it. */
import { Cache } from '../../src/paging/cache.ts';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import type { Bits } from '../../src/paging/policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import type { Requests, Sequence } from './sequences.ts';

/** Sums over the scored steps: all but the first of each sequence. */
export interface Kept {
  readonly steps: number;
  /** Mass on blocks that were held when the step began; each step has mass 1. */
  readonly mass: number;
  /** Blocks that had been let go and were brought back. */
  readonly loads: number;
}

/**
 * What a rule holds for the next step.
 *
 * @param seen the masses of the steps so far, the latest at the end
 * @param held what is held now, by block
 * @param blocks that there are in the next step; the last of them is always held besides
 * @param room for that many others
 */
export type Rule = (
  seen: readonly Float64Array[],
  held: Uint8Array,
  blocks: number,
  room: number,
) => readonly number[];

/** Room beside the block that is written to: together a share of all blocks of the sequence, at least two. */
export function roomOf({ blocks }: Sequence, budget: number): number {
  return Math.max(2, Math.round(budget * blocks)) - 1;
}

/** Runs a rule on one sequence. It holds all blocks in the first step. */
export function keptByRule(sequence: Sequence, room: number, rule: Rule): Kept {
  const { steps, blocks } = sequence;
  let held = new Uint8Array(blocks).fill(1, 0, steps[0].length);
  let [mass, loads] = [0, 0];
  for (let j = 1; j < steps.length; j++) {
    const now = steps[j].length;
    const next = new Uint8Array(blocks);
    next[now - 1] = 1;
    for (const block of rule(steps.slice(0, j), held, now, room)) next[block] = 1;
    for (let block = 0; block < steps[j - 1].length; block++) if (next[block] > held[block]) loads++;
    held = next;
    mass += massOn(steps[j], (block) => held[block] === 1);
  }
  return { steps: steps.length - 1, mass, loads };
}

/** Runs a paging policy on the requests of one sequence. @param room for blocks besides the one that is written to */
export function keptByPolicy(
  { steps }: Sequence,
  requests: Requests,
  room: number,
  policy: CatalogPolicy,
  bits?: Bits,
): Kept {
  const { pages, pageCount, step } = requests;
  const random = new SeededRandom(1);
  const run = policy.create({ capacity: room, pageCount, random, sequence: requests });
  const cache = new Cache(room, pageCount, run);
  const known = new Uint8Array(pageCount);
  let [mass, loads, i] = [0, 0, 0];
  for (let j = 1; j < steps.length; j++) {
    for (; i < pages.length && step[i] < j; i++) {
      const hit = cache.request(pages[i], bits?.[i] ?? 0);
      // At its first request a block has just been written and is there.
      if (!hit && known[pages[i]] === 1) loads++;
      known[pages[i]] = 1;
    }
    mass += massOn(steps[j], (block) => block === steps[j].length - 1 || cache.slotOf[block] >= 0);
  }
  return { steps: steps.length - 1, mass, loads };
}

function massOn(masses: Float64Array, isHeld: (block: number) => boolean): number {
  let all = 0;
  let held = 0;
  masses.forEach((mass, block) => {
    all += mass;
    if (isHeld(block)) held += mass;
  });
  // Rounding to bytes makes the masses of a step sum to nearly 1.
  return held / all;
}
