/** Draws what drift.ts wrote to drift.json: npx tsx experiments/generalisation/figure.ts [file.svg or .png] */
import { readFileSync } from 'node:fs';
import { checkFigureName, writeFigure } from '../../src/cli/figure-file.ts';
import { drawChart, type Line } from '../../src/report/line-chart.ts';
import { LRU_STYLE, SOLID } from '../../src/report/palette.ts';

interface Tenth {
  readonly trace: string;
  /** Where it begins, in percent of the accesses. */
  readonly from: number;
  readonly capacity: number;
  /** Hit ratios. */
  readonly lru: number;
  readonly still: number;
  readonly online: number;
}

const VARIANTS = [
  { name: 'learning', colour: '#0072b2', shape: 'circle' },
  { name: 'as it is', colour: '#d55e00', shape: 'square' },
] as const;
const DASHES = [
  { capacity: 5000, dash: [9, 3] },
  { capacity: 10_000, dash: SOLID },
];
const [out = 'docs/figures/generalisation-drift.svg'] = process.argv.slice(2);
checkFigureName(out);
const drift: readonly Tenth[] = JSON.parse(readFileSync(new URL('drift.json', import.meta.url), 'utf8'));
const tenths = drift.filter(({ trace }) => trace === 'synthetic');
/** The middle of a tenth. */
const middle = ({ from }: Tenth) => from + 5;
const lines: readonly Line[] = VARIANTS.flatMap(({ name, ...style }) =>
  DASHES.map(({ capacity, dash }) => ({
    label: `${name}, ${capacity.toLocaleString('en')}`,
    style: { ...style, dash, width: 2 },
    reference: false,
    points: tenths
      .filter((tenth) => tenth.capacity === capacity)
      .map((tenth) => ({
        x: middle(tenth),
        y: 100 * ((name === 'learning' ? tenth.online : tenth.still) - tenth.lru),
      })),
  })),
);
const ends = [20, 100] as const;
const figure = await drawChart({
  title: 'A model that keeps learning ages less',
  subtitle: 'Mooncake synthetic trace, discard(lru), trained on the first 20%',
  x: {
    title: 'share of the trace that has passed (%)',
    logarithmic: false,
    domain: ends,
    ticks: [20, 40, 60, 80, 100],
  },
  y: { title: 'hits above LRU (points)', domain: [-18, 12] },
  lines: [
    { label: 'lru', style: LRU_STYLE, points: ends.map((x) => ({ x, y: 0 })), reference: true },
    ...lines,
  ],
});
await writeFigure(out, figure);
