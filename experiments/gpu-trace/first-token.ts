/**
 * What a reused prefix saved, from the table beside a recorded trace: the time that prompts took with it, and without it
 * where that was measured as well; and how well the cost model tells these times once it is fitted to some of them.
 *
 *     npx tsx experiments/gpu-trace/first-token.ts [table] [model, as onebit replay calls it]
 *
 * Without a table, those of both shipped recordings.
 */
import { readFileSync } from 'node:fs';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { findDevice } from '../../src/kvcache/device.ts';
import { findGeometry } from '../../src/kvcache/geometry.ts';
import { fitPromptTimes, type PromptFit } from '../../src/kvcache/prompt-times.ts';
import { MODEL, RECORDINGS, tablePath } from './recordings.ts';

/** One prompt: tokens, and seconds to read it. */
export interface Prompt {
  /** Tokens that were computed, after `cached` reused ones. */
  readonly tokens: number;
  readonly cached: number;
  readonly seconds: number;
  /** The same without the reused prefix; 0 where that was not measured. */
  readonly cold: number;
}

export function readPrompts(path: string): Prompt[] {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    const number = (name: string) => Number(values[names.indexOf(name)]);
    const cached = number('cached');
    return {
      tokens: number('prompt') - cached,
      cached,
      seconds: number('seconds'),
      cold: number('coldSeconds'),
    };
  });
}

/** Prompts that were read twice, by the share of them that was reused. */
export function pairsByShare(prompts: readonly Prompt[]) {
  const bounds = [0, 0.25, 0.5, 0.75, 1];
  return bounds.slice(1).flatMap((to, i) => {
    const within = prompts.filter(({ cached, tokens, cold }) => {
      const share = cached / (cached + tokens);
      return cold > 0 && share > bounds[i] && share <= to;
    });
    if (within.length === 0) return [];
    return {
      from: bounds[i],
      to,
      prompts: within.length,
      warm: median(within.map(({ seconds }) => seconds)),
      cold: median(within.map(({ cold }) => cold)),
      ratio: median(within.map(({ seconds, cold }) => seconds / cold)),
    };
  });
}

/** Tokens that the recorder's decoder reads at once (PREFILL_ROWS in decoder.py). */
const PIECE = 512;

/** What is taken for the cost of a prompt, once fitted. */
export interface Cost {
  /** What was found, in words. */
  readonly found: string;
  /** Of a prompt of so many tokens to compute after so many reused ones. */
  readonly seconds: (tokens: number, cached: number) => number;
}

type Fit = (prompts: readonly Prompt[], model: string) => Cost;

/** The peak form of the cost model: a speed, here the median one, and nothing besides. */
const speedAlone: Fit = (prompts, model) => {
  const unit = costModel(model, { operations: 1, overhead: 0 });
  const speeds = prompts.map(({ tokens, cached, seconds }) => unit.prefillSeconds(tokens, cached) / seconds);
  return byCostModel(model, { operations: median(speeds), overhead: 0 });
};

/** The form of `onebit replay --prompt-times`. */
const speedAndConstant: Fit = (prompts, model) =>
  byCostModel(model, fitPromptTimes(findGeometry(model), prompts));

/** Nothing but the launches: the same for each piece, however much of it is filled. Least squares of the relative errors. */
const constantPerPiece: Fit = (prompts) => {
  const pieces = (tokens: number) => Math.ceil(tokens / PIECE);
  const sum = (power: number) =>
    prompts.reduce((total, { tokens, seconds }) => total + (pieces(tokens) / seconds) ** power, 0);
  const constant = sum(1) / sum(2);
  return {
    found: `${(1000 * constant).toFixed(1)} ms for each ${PIECE} tokens begun`,
    seconds: (tokens) => constant * pieces(tokens),
  };
};

export const FITS = { speedAlone, speedAndConstant, constantPerPiece };

/** Fits to every other prompt, and judges by the times of the rest, and of prompts without their prefix, none of which it was fitted to. */
export function judge(prompts: readonly Prompt[], model: string, fit: Fit) {
  const [fitted, rest] = [0, 1].map((part) => prompts.filter((_, i) => i % 2 === part));
  const cost = fit(fitted, model);
  const pairs = prompts.filter(({ cold }) => cold > 0);
  const warm = ({ tokens, cached }: Prompt) => cost.seconds(tokens, cached);
  const cold = ({ tokens, cached }: Prompt) => cost.seconds(tokens + cached, 0);
  return {
    cost,
    warmError: median(rest.map((one) => Math.abs(warm(one) / one.seconds - 1))),
    coldError: median(pairs.map((one) => Math.abs(cold(one) / one.cold - 1))),
    told: median(pairs.map((one) => warm(one) / cold(one))),
    measured: median(pairs.map((one) => one.seconds / one.cold)),
  };
}

function byCostModel(model: string, fit: PromptFit): Cost {
  const cost = costModel(model, fit);
  return {
    found: `${(fit.operations / 1e9).toFixed(0)} billion operations a second and ${(1000 * fit.overhead).toFixed(1)} ms a prompt`,
    seconds: (tokens, cached) => cost.firstTokenSeconds(tokens, cached),
  };
}

/** Prompts alone are asked about, so any device will do. */
export function costModel(model: string, fit: PromptFit): CostModel {
  return new CostModel(findGeometry(model), findDevice('h100-80gb'), 1, fit);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function print(path: string, model: string): void {
  const prompts = readPrompts(path);
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
  console.log(`\n${path}: ${prompts.length} prompts; read a second time without their reused prefix:`);
  for (const { from, to, prompts: count, warm, cold, ratio } of pairsByShare(prompts))
    console.log(
      `  ${percent(from)} to ${percent(to)} reused: ${count} prompts, median ${warm.toFixed(3)} s with, ` +
        `${cold.toFixed(3)} s without, ratio ${ratio.toFixed(2)}`,
    );
  for (const fit of Object.values(FITS)) {
    const { cost, warmError, coldError, told, measured } = judge(prompts, model, fit);
    console.log(
      `${cost.found}: median error ${percent(warmError)} with reuse, ${percent(coldError)} without; ` +
        `a reused prefix leaves ${told.toFixed(3)} of the time, measured ${measured.toFixed(3)}`,
    );
  }
}

if (import.meta.filename === process.argv[1]) {
  const [path, model = MODEL] = process.argv.slice(2);
  for (const one of path === undefined ? RECORDINGS.map(({ name }) => tablePath(name)) : [path])
    print(one, model);
}
