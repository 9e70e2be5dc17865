/** Rules without requests: what to hold is chosen anew after each step. */
import type { Rule } from './residency.ts';

/** The first block, which attracts attention whatever it says, and the latest ones (Xiao et al., arXiv 2309.17453). */
export const sinksAndWindow: Rule = (_seen, _held, blocks, room) => [0, ...latest(blocks, room - 1)];

/**
 * Heavy hitters (H2O; Zhang et al., arXiv 2306.14048): half of the room for the latest blocks, half for those with the most mass so far.
 * What is let go never comes back. Blocks stand for tokens here, and mass counts from the first step of the answer.
 */
export const heavyHitters: Rule = (seen, held, blocks, room) =>
  heaviest(seen, blocks, room, (block) => held[block] === 1);

/** The same, but what is let go may come back. */
export const heavyHittersBack: Rule = (seen, _held, blocks, room) => heaviest(seen, blocks, room, () => true);

/** The blocks with the most mass in the latest step. */
export const heaviestLately: Rule = (seen, _held, blocks, room) => most(seen[seen.length - 1], blocks, room);

/** The best that can be held: it is shown the step that is to come. */
export function optimum(steps: readonly Float64Array[]): Rule {
  return (seen, _held, blocks, room) => most(steps[seen.length], blocks, room);
}

function heaviest(
  seen: readonly Float64Array[],
  blocks: number,
  room: number,
  mayStay: (block: number) => boolean,
): number[] {
  const recent = latest(blocks, Math.floor(room / 2));
  const sums = new Float64Array(blocks);
  for (const mass of seen) for (let block = 0; block < mass.length; block++) sums[block] += mass[block];
  const others = [...sums.keys()].filter(
    (block) => block < blocks - 1 && !recent.includes(block) && mayStay(block),
  );
  others.sort((a, b) => sums[b] - sums[a] || a - b);
  return [...recent.filter(mayStay), ...others.slice(0, room - recent.length)];
}

/** `count` blocks before the last one. */
function latest(blocks: number, count: number): number[] {
  const from = Math.max(0, blocks - 1 - count);
  return Array.from({ length: blocks - 1 - from }, (_, i) => from + i);
}

function most(mass: Float64Array, blocks: number, room: number): number[] {
  const order = [...mass.keys()].filter((block) => block < blocks - 1);
  return order.sort((a, b) => mass[b] - mass[a] || a - b).slice(0, room);
}
