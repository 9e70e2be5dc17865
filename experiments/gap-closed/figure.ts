/** Draws the ablation that ablation.json records: npx tsx experiments/gap-closed/figure.ts [file.svg or .png] */
import { readFileSync } from 'node:fs';
import { checkFigureName, writeFigure } from '../../src/cli/figure-file.ts';
import { drawChart } from '../../src/report/line-chart.ts';
import { LRU_STYLE, OPT_STYLE, SAMPLE_STYLE, SOLID } from '../../src/report/palette.ts';

interface Ablation {
  readonly capacities: readonly number[];
  readonly variants: readonly { readonly name: string; readonly gap: readonly number[] }[];
}

const STYLES = [
  { ...SAMPLE_STYLE, width: 3 },
  { ...LRU_STYLE, width: 1.5 },
  { ...OPT_STYLE, width: 1.5 },
  { ...SAMPLE_STYLE, colour: '#0072b2', shape: 'square', dash: SOLID },
];
const [out = 'docs/figures/gap-closed-ablation.svg'] = process.argv.slice(2);
checkFigureName(out);
const { capacities, variants }: Ablation = JSON.parse(
  readFileSync(new URL('ablation.json', import.meta.url), 'utf8'),
);
const figure = await drawChart({
  title: 'Finer ages and fair weights pay in large caches',
  subtitle: 'Mooncake conversation trace, inside the training part',
  x: { title: 'cache capacity (blocks)', logarithmic: false, domain: [0, 10_500], ticks: capacities },
  y: { title: 'gap from LRU to OPT closed', domain: [0, 0.35] },
  lines: variants.map(({ name, gap }, i) => ({
    label: name,
    style: STYLES[i],
    // The settings before are the yardstick.
    reference: i === 1,
    points: gap.map((y, at) => ({ x: capacities[at], y })),
  })),
});
await writeFigure(out, figure);
