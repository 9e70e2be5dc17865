/**
 * Draws attention kept, and blocks brought back, against the room there is, for each shipped recording.
 *
 *     npx tsx experiments/attention-paging/figure.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart, type Line } from '../../src/report/line-chart.ts';
import { type LineStyle, LRU_STYLE, OPT_STYLE, SOLID } from '../../src/report/palette.ts';
import { type Measured, measure } from './measure.ts';
import { LEAST_STEPS, RECORDINGS, SHARE, shippedAttention } from './recordings.ts';
import { sequencesOf } from './sequences.ts';

const ROOMS = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
const style = (colour: string, shape: string): LineStyle => ({ colour, shape, dash: SOLID, width: 2 });
const KEPT: Readonly<Record<string, LineStyle>> = {
  optimum: OPT_STYLE,
  'heaviest in the last step': style('#009e73', 'triangle-up'),
  'discard(lru), learned bits': style('#0072b2', 'circle'),
  'heavy hitters, dropped for good': style('#d55e00', 'square'),
  'sinks and window': style('#cc79a7', 'diamond'),
};
/** Not the heaviest in the last step: the table has it, several times as high as the others. */
const LOADS: Readonly<Record<string, LineStyle>> = {
  lru: LRU_STYLE,
  'discard(lru), learned bits': style('#0072b2', 'circle'),
  belady: OPT_STYLE,
};
const x = { title: 'room, % of the blocks of a sequence', logarithmic: false, domain: [8, 72] as const };

/** @param measured all ways at each of the rooms */
function lines(
  measured: readonly Measured[][],
  styles: Readonly<Record<string, LineStyle>>,
  value: (one: Measured) => number,
): Line[] {
  return Object.entries(styles).map(([name, style]) => ({
    label: name,
    style,
    reference: style === OPT_STYLE || style === LRU_STYLE,
    points: measured.map((all, i) => {
      const one = all.find((way) => way.name === name);
      if (one === undefined) throw new Error(`${name} is not measured`);
      return { x: 100 * ROOMS[i], y: value(one) };
    }),
  }));
}

/** Both figures of one recording. */
async function figures(name: string, machine: string) {
  const sequences = sequencesOf(shippedAttention(name), LEAST_STEPS);
  const measured = ROOMS.map((room) => measure(sequences, room, SHARE));
  const recorded = `SmolLM2-135M on ${machine} · blocks of 16 tokens`;
  const kept = lines(measured, KEPT, (one) => 100 * one.kept);
  const loads = lines(measured, LOADS, (one) => one.loads);
  const heights = (all: readonly Line[]) => all.flatMap(({ points }) => points.map(({ y }) => y));
  return {
    kept: await drawChart({
      title: 'What a step looked at, the next one looks at: little is left to foresee',
      subtitle: `${recorded} · mass averaged over layers and heads`,
      x,
      y: { title: 'attention mass kept, %', domain: [Math.min(...heights(kept)) - 2, 100] },
      lines: kept,
    }),
    loads: await drawChart({
      title: 'A learned bit saves some of the blocks that have to be brought back',
      subtitle: `${recorded} · a step asks for those with over ${100 * SHARE}%`,
      x,
      y: { title: 'blocks brought back a step', domain: [0, 1.05 * Math.max(...heights(loads))] },
      lines: loads,
    }),
  };
}

for (const { name, machine } of RECORDINGS) {
  const device = name.slice(name.lastIndexOf('-') + 1);
  for (const [figure, svg] of Object.entries(await figures(name, machine))) {
    const path = new URL(`../../docs/figures/attention-paging-${figure}-${device}.svg`, import.meta.url);
    writeFileSync(path, svg);
    console.log(fileURLToPath(path));
  }
}
