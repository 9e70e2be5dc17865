/**
 * Draws, for each shipped recording, hit ratios from expected.json, and the measured times to the first token beside those that are told.
 *
 *     npx tsx experiments/gpu-trace/figure.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type PromptTime, readPromptTimes } from '../../src/kvcache/prompt-times.ts';
import { drawChart, type Line, type LineChart } from '../../src/report/line-chart.ts';
import { type LineStyle, LRU_STYLE, MUTED, OPT_STYLE, SOLID } from '../../src/report/palette.ts';
import { type Cost, FITS, judge, median, readPrompts } from './first-token.ts';
import { type HitRatios, MODEL, RECORDINGS, tablePath } from './recordings.ts';

const BLUE: LineStyle = { colour: '#0072b2', shape: 'circle', dash: SOLID, width: 2.5 };
const GREEN: LineStyle = { colour: '#009e73', shape: 'triangle-up', dash: SOLID, width: 2 };
const ORANGE: LineStyle = { colour: '#d55e00', shape: 'square', dash: SOLID, width: 2 };
const DOTTED: LineStyle = { colour: MUTED, shape: 'circle', dash: [2, 3], width: 2 };
/** Prompts taken together, at least. */
const FEWEST = 10;

/** What the figures of one recording are to show. */
interface Look {
  readonly prefixTitle: string;
  readonly timesTitle: string;
  /** Highest hit ratio. */
  readonly ratio: number;
  readonly tokens: LineChart['x'];
  /** Longest time. */
  readonly seconds: number;
  /** Bounds of the computed tokens of the prompts that are taken together. */
  readonly lengths: readonly number[];
  readonly told: Readonly<Record<string, keyof typeof FITS>>;
}

const LOOKS: Readonly<Record<string, Look>> = {
  'smollm2-135m-gpu': {
    prefixTitle: 'On the GPU’s accesses one trained bit is ahead of every classical policy',
    timesTitle: 'On the GPU a prompt costs its pieces of 512 tokens, not its tokens',
    ratio: 0.9,
    tokens: { title: 'computed tokens of the prompt', logarithmic: false, domain: [0, 4100] },
    seconds: 0.22,
    lengths: Array.from({ length: 17 }, (_, i) => 256 * i),
    told: { 'a constant for each piece': 'constantPerPiece', 'cost model, fitted': 'speedAndConstant' },
  },
  'smollm2-135m-cpu': {
    prefixTitle: 'One trained bit is ahead of every classical policy until nearly everything fits',
    timesTitle: 'On the CPU a prompt costs its tokens, and something besides',
    ratio: 0.88,
    tokens: {
      title: 'computed tokens of the prompt (logarithmic)',
      logarithmic: true,
      domain: [10, 1500],
      ticks: [10, 30, 100, 300, 1000],
    },
    seconds: 4.6,
    lengths: [1, 16, 32, 64, 128, 256, 512, 1024, 1536],
    told: { 'cost model, fitted': 'speedAndConstant', 'the same without a constant': 'speedAlone' },
  },
};

async function draw(name: string, chart: LineChart): Promise<void> {
  const path = fileURLToPath(new URL(`../../docs/figures/${name}.svg`, import.meta.url));
  writeFileSync(path, await drawChart(chart));
  console.log(path);
}

/** The rows whose names begin so, one at each capacity. */
function hitRatios(all: HitRatios, begin: string, label: string, style: LineStyle, reference = false): Line {
  const points = Object.entries(all).map(([capacity, rows]) => {
    const row = Object.entries(rows).find(([name]) => name.startsWith(begin));
    if (row === undefined) throw new Error(`expected.json has no “${begin}” at ${capacity}`);
    return { x: Number(capacity), y: row[1] };
  });
  return { label, style, points, reference };
}

/** Medians by computed tokens, with reuse and without, of what was measured and of what is told of the same prompts. */
function firstTokens(
  times: readonly PromptTime[],
  lengths: readonly number[],
  told: [string, Cost][],
): Line[] {
  const groups = lengths
    .slice(1)
    .map((to, i) => times.filter(({ tokens }) => tokens > lengths[i] && tokens <= to))
    .filter(({ length }) => length >= FEWEST);
  const line = (label: string, style: LineStyle, seconds: (time: PromptTime) => number): Line => ({
    label,
    style,
    points: groups.map((group) => ({
      x: median(group.map(({ tokens }) => tokens)),
      y: median(group.map(seconds)),
    })),
    reference: style === LRU_STYLE,
  });
  return [
    line('measured', LRU_STYLE, ({ seconds }) => seconds),
    ...told.map(([label, cost], i) =>
      line(label, [BLUE, ORANGE][i], ({ tokens, cached }) => cost.seconds(tokens, cached)),
    ),
  ];
}

for (const { name, machine, capacities, hitRatio } of RECORDINGS) {
  const look = LOOKS[name];
  const suffix = name.replace(MODEL, '');
  await draw(`recorded-prefix${suffix}`, {
    title: look.prefixTitle,
    subtitle: `SmolLM2-135M recorded on ${machine} · blocks of 16 tokens · last 40% scored, means of five seeds`,
    x: {
      title: 'cache capacity, blocks (logarithmic)',
      logarithmic: true,
      domain: [Math.round(0.96 * capacities[0]), Math.round(1.05 * capacities[capacities.length - 1])],
      ticks: capacities,
    },
    y: { title: 'hit ratio (hits / requests)', domain: [0, look.ratio] },
    lines: [
      hitRatios(hitRatio, 'LRU', 'lru', LRU_STYLE, true),
      hitRatios(hitRatio, 'Belady', 'belady', OPT_STYLE, true),
      hitRatios(hitRatio, 'switch(discard(lru),lru), trained', 'switch, trained bit', BLUE),
      hitRatios(hitRatio, 'best classical', 'best classical, in hindsight', GREEN),
      hitRatios(hitRatio, 'discard(lru), inverted', 'discard(lru), inverted', DOTTED),
    ],
  });
  const prompts = readPrompts(tablePath(name));
  const told = Object.entries(look.told).map(([label, fit]): [string, Cost] => [
    label,
    judge(prompts, MODEL, FITS[fit]).cost,
  ]);
  const times = readPromptTimes(tablePath(name));
  await draw(`recorded-first-token${suffix}`, {
    title: look.timesTitle,
    subtitle: `SmolLM2-135M on ${machine} · medians of ${times.length.toLocaleString('en')} times, with a reused prefix and without`,
    x: look.tokens,
    y: { title: 'seconds to the first token', domain: [0, look.seconds] },
    lines: firstTokens(times, look.lengths, told),
  });
}
