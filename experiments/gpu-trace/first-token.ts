/**
 * What a reused prefix saved, from the table beside a recorded trace: the time that prompts took with it, and without it
 * where that was measured as well. The cost model of the KV cache is calibrated on every other prompt, and asked for the
 * times of the rest.
 *
 *     npx tsx experiments/gpu-trace/first-token.ts [table] [model, as onebit replay calls it]
 */
import { readFileSync } from 'node:fs';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { findGeometry } from '../../src/kvcache/geometry.ts';

/** One prompt: tokens, and seconds to read it. */
interface Prompt {
  readonly computed: number;
  readonly cached: number;
  readonly seconds: number;
  /** The same without the reused prefix; 0 where that was not measured. */
  readonly cold: number;
}

const shipped = new URL('../../traces/smollm2-135m-cpu.csv', import.meta.url).pathname;
const [path = shipped, model = 'smollm2-135m'] = process.argv.slice(2);
const prompts = readPrompts(path);
const pairs = prompts.filter(({ cold }) => cold > 0);
console.log(
  `${prompts.length} prompts, ${pairs.length} of them read a second time without their reused prefix`,
);
reportPairs();
reportModel();

function readPrompts(path: string): Prompt[] {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    const number = (name: string) => Number(values[names.indexOf(name)]);
    const [cached, seconds, cold] = [number('cached'), number('seconds'), number('coldSeconds')];
    return { computed: number('prompt') - cached, cached, seconds, cold };
  });
}

function reportPairs(): void {
  const bounds = [0, 0.25, 0.5, 0.75, 1];
  for (let i = 1; i < bounds.length; i++) {
    const within = pairs.filter(({ cached, computed }) => {
      const share = cached / (cached + computed);
      return share > bounds[i - 1] && share <= bounds[i];
    });
    if (within.length === 0) continue;
    const [warm, cold] = [within.map(({ seconds }) => seconds), within.map((prompt) => prompt.cold)];
    const ratio = median(within.map((prompt) => prompt.seconds / prompt.cold));
    console.log(
      `${100 * bounds[i - 1]} to ${100 * bounds[i]}% reused: ${within.length} prompts, median ${median(warm).toFixed(3)} s with, ` +
        `${median(cold).toFixed(3)} s without, ratio ${ratio.toFixed(2)}`,
    );
  }
}

/** Fitted to every other prompt, with and without a constant; the errors are those on prompts that it was not fitted to. */
function reportModel(): void {
  const fitted = prompts.filter((_, i) => i % 2 === 0);
  const rest = prompts.filter((_, i) => i % 2 === 1);
  const speed = median(fitted.map((one) => operations(one.computed, one.cached) / one.seconds));
  reportErrors('the cost model', { constant: 0, speed }, rest);
  reportErrors('with a constant', withConstant(fitted), rest);
}

/** Seconds to read a prompt: a constant, then operations at a speed a second. */
interface Fit {
  readonly constant: number;
  readonly speed: number;
}

/** Least squares of the relative errors. */
function withConstant(fitted: readonly Prompt[]): Fit {
  const sums = { uu: 0, ux: 0, xx: 0, u: 0, x: 0 };
  for (const { computed, cached, seconds } of fitted) {
    const [u, x] = [1 / seconds, operations(computed, cached) / seconds];
    sums.uu += u * u;
    sums.ux += u * x;
    sums.xx += x * x;
    sums.u += u;
    sums.x += x;
  }
  const determinant = sums.uu * sums.xx - sums.ux ** 2;
  return {
    constant: (sums.u * sums.xx - sums.x * sums.ux) / determinant,
    speed: determinant / (sums.uu * sums.x - sums.ux * sums.u),
  };
}

function reportErrors(name: string, { constant, speed }: Fit, rest: readonly Prompt[]): void {
  const warm = ({ computed, cached }: Prompt) => constant + operations(computed, cached) / speed;
  const cold = ({ computed, cached }: Prompt) => constant + operations(computed + cached, 0) / speed;
  const errors = [
    rest.map((one) => Math.abs(warm(one) / one.seconds - 1)),
    pairs.map((one) => Math.abs(cold(one) / one.cold - 1)),
  ].map((values) => `${(100 * median(values)).toFixed(0)}%`);
  const [measured, told] = [
    median(pairs.map((one) => one.seconds / one.cold)),
    median(pairs.map((one) => warm(one) / cold(one))),
  ];
  console.log(
    `${name}: ${(speed / 1e9).toFixed(1)} billion operations a second${constant > 0 ? `, and ${constant.toFixed(3)} s` : ''}; ` +
      `median error ${errors[0]} with reuse, ${errors[1]} without; ` +
      `a reused prefix leaves ${told.toFixed(3)} of the time, measured ${measured.toFixed(3)}`,
  );
}

function operations(computed: number, cached: number): number {
  const device = {
    name: path,
    memory: 1e12,
    operations: 1,
    memoryBandwidth: 1,
    hostBandwidth: 1,
    source: path,
  };
  return new CostModel(findGeometry(model), device).prefillSeconds(computed, cached);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
