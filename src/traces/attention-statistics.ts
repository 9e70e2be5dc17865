import { type AttentionTrace, blocksAt, massOf } from './attention-trace.ts';

/** The share of the attention above which a step counts as needing a block. */
const NEEDED = 0.05;

/** Facts about an attention trace; shares are means over the steps, of the mass averaged over layers and heads. */
export interface AttentionStatistics {
  readonly sequences: number;
  readonly steps: number;
  /** Blocks that the steps look at, added up. */
  readonly cells: number;
  readonly blockTokens: number;
  readonly promptTokens: number;
  readonly blocksPerStep: number;
  /** Mass on the first block. */
  readonly firstBlock: number;
  /** Mass on the last four blocks, the first block not among them. */
  readonly lastBlocks: number;
  /** Mass on the fifth, and on the half, of the blocks that have the most. */
  readonly bestFifth: number;
  readonly bestHalf: number;
  /** Blocks with more than 5% of the mass. */
  readonly needed: number;
}

/** Describes an attention trace. O(cells log(blocks a step)). */
export function attentionStatistics(trace: AttentionTrace): AttentionStatistics {
  const { blockTokens, promptTokens, steps, mean } = trace;
  const sums = { first: 0, last: 0, fifth: 0, half: 0, needed: 0, steps: 0 };
  let at = 0;
  for (let sequence = 0; sequence < steps.length; sequence++) {
    for (let step = 0; step < steps[sequence]; step++) {
      const blocks = blocksAt(trace, sequence, step);
      const mass = Float64Array.from(mean.subarray(at, at + blocks), massOf);
      at += blocks;
      sums.steps++;
      sums.first += mass[0];
      sums.last += total(mass.subarray(Math.max(1, blocks - 4)));
      sums.needed += mass.filter((share) => share > NEEDED).length;
      const sorted = mass.sort().reverse();
      sums.fifth += total(sorted.subarray(0, Math.max(1, Math.round(blocks / 5))));
      sums.half += total(sorted.subarray(0, Math.max(1, Math.round(blocks / 2))));
    }
  }
  const perStep = (sum: number) => (sums.steps === 0 ? 0 : sum / sums.steps);
  return {
    sequences: steps.length,
    steps: sums.steps,
    cells: mean.length,
    blockTokens,
    promptTokens: steps.length === 0 ? 0 : total(promptTokens) / steps.length,
    blocksPerStep: perStep(mean.length),
    firstBlock: perStep(sums.first),
    lastBlocks: perStep(sums.last),
    bestFifth: perStep(sums.fifth),
    bestHalf: perStep(sums.half),
    needed: perStep(sums.needed),
  };
}

/** The facts as rows of text, each a label and a value. */
export function describeAttention(facts: AttentionStatistics): readonly (readonly [string, string])[] {
  const count = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
  const share = (value: number) => `${(100 * value).toFixed(1)}%`;
  return [
    ['sequences', count(facts.sequences)],
    ['steps', count(facts.steps)],
    ['steps × blocks', count(facts.cells)],
    ['tokens a block', count(facts.blockTokens)],
    ['prompt tokens, mean', count(facts.promptTokens)],
    ['blocks a step, mean', count(facts.blocksPerStep)],
    ['mass on the first block', share(facts.firstBlock)],
    ['  on the last four', share(facts.lastBlocks)],
    ['  on the best 20%', share(facts.bestFifth)],
    ['  on the best 50%', share(facts.bestHalf)],
    [`blocks with over ${share(NEEDED)}, mean`, count(facts.needed)],
  ];
}

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
