/**
 * Draws attention kept, and blocks brought back, against the room there is.
 *
 *     npx tsx experiments/attention-paging/figure.ts [attention trace]
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart, type Line } from '../../src/report/line-chart.ts';
import { type LineStyle, LRU_STYLE, OPT_STYLE, SOLID } from '../../src/report/palette.ts';
import { readAttention } from '../../src/traces/attention-trace.ts';
import { type Measured, measure } from './measure.ts';
import { sequencesOf } from './sequences.ts';

const SHARE = 0.05;
const BUDGETS = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
const shipped = new URL('../../traces/smollm2-135m-cpu.attention', import.meta.url).pathname;
const trace = readAttention(process.argv[2] ?? shipped);
const sequences = sequencesOf(trace, 8);
const style = (colour: string, shape: string): LineStyle => ({ colour, shape, dash: SOLID, width: 2 });
const KEPT: Readonly<Record<string, LineStyle>> = {
  optimum: OPT_STYLE,
  'heaviest in the last step': style('#009e73', 'triangle-up'),
  'discard(lru), learned bits': style('#0072b2', 'circle'),
  'heavy hitters, dropped for good': style('#d55e00', 'square'),
  'sinks and window': style('#cc79a7', 'diamond'),
};
const LOADS: Readonly<Record<string, LineStyle>> = {
  lru: LRU_STYLE,
  'discard(lru), learned bits': style('#0072b2', 'circle'),
  'heaviest in the last step': style('#009e73', 'triangle-up'),
  belady: OPT_STYLE,
};
const measured = BUDGETS.map((budget) => measure(sequences, budget, SHARE));

function lines(styles: Readonly<Record<string, LineStyle>>, value: (one: Measured) => number): Line[] {
  return Object.entries(styles).map(([name, style]) => ({
    label: name,
    style,
    reference: style === OPT_STYLE || style === LRU_STYLE,
    points: measured.map((all, i) => {
      const one = all.find((way) => way.name === name);
      if (one === undefined) throw new Error(`${name} is not measured`);
      return { x: 100 * BUDGETS[i], y: value(one) };
    }),
  }));
}

const subtitle = `SmolLM2-135M on a CPU · blocks of 16 tokens · mass averaged over layers and heads`;
const x = { title: 'room, % of the blocks of a sequence', logarithmic: false, domain: [8, 72] as const };
const kept = lines(KEPT, (one) => 100 * one.kept);
const loads = lines(LOADS, (one) => one.loads);
const figures = {
  kept: await drawChart({
    title: 'What a step looked at, the next one looks at: little is left to foresee',
    subtitle,
    x,
    y: {
      title: 'attention mass kept, %',
      domain: [Math.min(...kept.flatMap(({ points }) => points.map(({ y }) => y))) - 2, 100],
    },
    lines: kept,
  }),
  loads: await drawChart({
    title: 'A learned bit saves some of the blocks that have to be brought back',
    subtitle: `${subtitle} · requests above ${100 * SHARE}%`,
    x,
    y: {
      title: 'blocks brought back a step',
      domain: [0, 1.05 * Math.max(...loads.flatMap(({ points }) => points.map(({ y }) => y)))],
    },
    lines: loads,
  }),
};
for (const [name, svg] of Object.entries(figures)) {
  const path = new URL(`../../docs/figures/attention-paging-${name}.svg`, import.meta.url);
  writeFileSync(path, svg);
  console.log(fileURLToPath(path));
}
