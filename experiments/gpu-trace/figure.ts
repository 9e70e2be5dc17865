/**
 * Draws hit ratios from expected.json, and the measured times to the first token beside those that the cost model tells.
 *
 *     npx tsx experiments/gpu-trace/figure.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart, type Line, type LineChart } from '../../src/report/line-chart.ts';
import { type LineStyle, LRU_STYLE, MUTED, OPT_STYLE, SOLID } from '../../src/report/palette.ts';
import { costModel, judge, MODEL, median, type Prompt, readPrompts, TABLE } from './first-token.ts';

const SUBTITLE = 'SmolLM2-135M recorded on a CPU · blocks of 16 tokens';
const BLUE: LineStyle = { colour: '#0072b2', shape: 'circle', dash: SOLID, width: 2.5 };
const GREEN: LineStyle = { colour: '#009e73', shape: 'triangle-up', dash: SOLID, width: 2 };
const ORANGE: LineStyle = { colour: '#d55e00', shape: 'square', dash: SOLID, width: 2 };
const DOTTED: LineStyle = { colour: MUTED, shape: 'circle', dash: [2, 3], width: 2 };
/** Bounds of the computed tokens of the prompts that are taken together. */
const LENGTHS = [1, 16, 32, 64, 128, 256, 512, 1024, 1536];

async function draw(name: string, chart: LineChart): Promise<void> {
  const path = fileURLToPath(new URL(`../../docs/figures/${name}.svg`, import.meta.url));
  writeFileSync(path, await drawChart(chart));
  console.log(path);
}

/** The value of the row whose name begins so, at each capacity. */
function hitRatios(begin: string, label: string, style: LineStyle, reference = false): Line {
  const { prefix } = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
  const points = prefix.capacities.map((capacity: number) => {
    const row = Object.entries<number>(prefix.hitRatio[capacity]).find(([name]) => name.startsWith(begin));
    if (row === undefined) throw new Error(`expected.json has no “${begin}” at ${capacity}`);
    return { x: capacity, y: row[1] };
  });
  return { label, style, points, reference };
}

/** Medians by computed tokens, of what was measured and of what a model tells of the same prompts. */
function firstTokens(prompts: readonly Prompt[]): Line[] {
  const groups = LENGTHS.slice(1)
    .map((to, i) => prompts.filter(({ tokens }) => tokens > LENGTHS[i] && tokens <= to))
    .filter(({ length }) => length >= 10);
  const line = (label: string, style: LineStyle, seconds: (prompt: Prompt) => number): Line => ({
    label,
    style,
    points: groups.map((group) => ({
      x: median(group.map(({ tokens }) => tokens)),
      y: median(group.map(seconds)),
    })),
    reference: style === LRU_STYLE,
  });
  const told = (hasOverhead: boolean) => {
    const cost = costModel(MODEL, judge(prompts, MODEL, hasOverhead).fit);
    return ({ tokens, cached }: Prompt) => cost.firstTokenSeconds(tokens, cached);
  };
  return [
    line('measured', LRU_STYLE, ({ seconds }) => seconds),
    line('cost model, fitted', BLUE, told(true)),
    line('the same without a constant', ORANGE, told(false)),
  ];
}

await draw('recorded-prefix', {
  title: 'One trained bit is ahead of every classical policy until nearly everything fits',
  subtitle: `${SUBTITLE} · last 40% scored, means of five seeds`,
  x: {
    title: 'cache capacity, blocks (logarithmic)',
    logarithmic: true,
    domain: [240, 4200],
    ticks: [250, 500, 1000, 2000, 4000],
  },
  y: { title: 'hit ratio (hits / requests)', domain: [0, 0.88] },
  lines: [
    hitRatios('LRU', 'lru', LRU_STYLE, true),
    hitRatios('Belady', 'belady', OPT_STYLE, true),
    hitRatios('switch(discard(lru),lru), trained', 'switch, trained bit', BLUE),
    hitRatios('best classical', 'best classical, in hindsight', GREEN),
    hitRatios('discard(lru), inverted', 'discard(lru), inverted', DOTTED),
  ],
});
const prompts = readPrompts(TABLE);
await draw('recorded-first-token', {
  title: 'A prompt costs something besides its tokens, which a reused prefix does not save',
  subtitle: `SmolLM2-135M on one thread of a CPU · medians of ${prompts.length.toLocaleString('en')} prompts`,
  x: {
    title: 'computed tokens of the prompt (logarithmic)',
    logarithmic: true,
    domain: [10, 700],
    ticks: [10, 30, 100, 300, 600],
  },
  y: { title: 'seconds to the first token', domain: [0, 2.4] },
  lines: firstTokens(prompts),
});
