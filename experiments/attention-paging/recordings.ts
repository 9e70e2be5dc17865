/** The attention traces that the project ships, and what was measured on them: expected.json. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AttentionTrace, readAttention } from '../../src/traces/attention-trace.ts';

/** Share of the blocks that fit, then name of the way; mass kept, and blocks brought back a step. */
export type Budgets = Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;

interface Shipped {
  readonly name: string;
  /** What it was recorded on, in words. */
  readonly machine: string;
  readonly budgets: Budgets;
}

const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
export const RECORDINGS: readonly Shipped[] = expected.recordings;
/** Shorter answers are left out. */
export const LEAST_STEPS: number = expected.leastSteps;
/** A step asks for blocks with more than this share of its attention. */
export const SHARE: number = expected.share;
export const BUDGETS = [0.2, 0.5];

export function shippedAttention(name: string): AttentionTrace {
  return readAttention(fileURLToPath(new URL(`../../traces/${name}.attention`, import.meta.url)));
}
