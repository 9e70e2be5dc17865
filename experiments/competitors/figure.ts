/**
 * Draws the comparison from expected.json, one figure a dataset: published policies as grey lines, one-bit policies in colour.
 *
 *     npx tsx experiments/competitors/figure.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart, type Line } from '../../src/report/line-chart.ts';
import { type LineStyle, LRU_STYLE, MUTED, SOLID } from '../../src/report/palette.ts';

type Ratios = Readonly<Record<string, readonly number[]>>;

const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const folder = new URL('../../docs/figures/', import.meta.url);
const NOISE = ['noise:0', 'noise:5', 'noise:20', 'noise:200'];
const PUBLISHED: LineStyle = { colour: MUTED, shape: 'circle', dash: [4, 3], width: 1.5 };
const ONE_BIT: readonly { policy: string; bits: string; colour: string; shape: string }[] = [
  { policy: 'mark0', bits: 'schedule', colour: '#cc79a7', shape: 'diamond' },
  { policy: 'discard(lru)', bits: 'schedule', colour: '#0072b2', shape: 'circle' },
  { policy: 'discard(lru)', bits: 'horizon', colour: '#009e73', shape: 'triangle-up' },
  { policy: 'mark-and-predict', bits: 'horizon', colour: '#e69f00', shape: 'square' },
];
const TITLES: Readonly<Record<string, string>> = {
  brightkite: 'Under strong noise one bit a request does better than whole arrivals: Brightkite',
  citibike: 'Under strong noise one bit a request does better than whole arrivals: CitiBike',
};

/** The ratios of a policy at the four strengths of noise. */
function ratios(dataset: string, policy: string, bits?: string): readonly number[] {
  for (const table of expected.tables) {
    const row: Ratios | undefined = table.rows[policy];
    const at = NOISE.map((kind) => table.predictions.indexOf(kind));
    if (row !== undefined && table.bits === bits && !at.includes(-1)) return at.map((i) => row[dataset][i]);
  }
  throw new Error(`expected.json has no row of ${policy} under noise`);
}

/** Noise 0 has no place on a logarithmic axis, so 1 is added. */
const points = (values: readonly number[]) =>
  values.map((y, i) => ({ x: 1 + Number(NOISE[i].slice('noise:'.length)), y }));

for (const { name, capacity } of expected.datasets) {
  const published = expected.tables.find(({ title }: { title: string }) => title.includes('log-normal'));
  const lru: readonly number[] = expected.tables[0].rows.lru[name];
  const lines: Line[] = [
    { label: 'lru', style: LRU_STYLE, points: points(NOISE.map(() => lru[0])), reference: true },
    ...Object.keys(published.rows).map((policy) => ({
      label: `${policy} (published)`,
      style: PUBLISHED,
      points: points(published.rows[policy][name]),
      reference: true,
    })),
    ...ONE_BIT.map(({ policy, bits, colour, shape }) => ({
      label: `${policy}, ${bits} bits`,
      style: { colour, shape, dash: SOLID, width: 2.5 },
      points: points(ratios(name, policy, bits)),
      reference: false,
    })),
  ];
  const highest = Math.max(...lines.flatMap((line) => line.points.map(({ y }) => y)));
  const svg = await drawChart({
    title: TITLES[name],
    subtitle: `capacity ${capacity} pages · faults pooled over all instances, means of ten seeds`,
    x: {
      title: '1 + σ, log-normal noise on the predicted next arrivals (logarithmic)',
      logarithmic: true,
      domain: [0.9, 230],
      ticks: [1, 6, 21, 201],
    },
    y: { title: 'faults / faults of OPT', domain: [1 - 0.03 * (highest - 1), 1 + 1.05 * (highest - 1)] },
    lines,
  });
  writeFileSync(new URL(`competitors-${name}.svg`, folder), svg);
  console.log(fileURLToPath(new URL(`competitors-${name}.svg`, folder)));
}
