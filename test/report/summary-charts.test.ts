import t from 'tap';
import { meanOf, type Summary } from '../../src/report/summary.ts';
import { summaryCharts } from '../../src/report/summary-charts.ts';

function summary(policy: string, predictions: string, capacity: number, ratios: readonly number[]): Summary {
  const faultRatio = meanOf(ratios);
  const rest = { faults: faultRatio, hitRatio: faultRatio, gapClosed: meanOf([0.5]) };
  return { policy, predictions, capacity, seeds: ratios.length, faultRatio, ...rest };
}

const yardsticks = (capacity: number) => [
  summary('lru', 'none', capacity, [1.4]),
  summary('belady', 'none', capacity, [1]),
];
const wrong = ['perfect', 'flip:0.1', 'flip:0.5', 'bursts:0.1:100', 'inverted'].map((kind, i) =>
  summary('mark0', kind, 5, [1 + i / 10, 1.02 + i / 10]),
);

t.test('one capacity with several shares of wrong bits is one figure from right to inverted', async (t) => {
  const [{ name, chart }, ...others] = summaryCharts('pages', [...yardsticks(5), ...wrong]);
  t.strictSame([name, others.length], ['wrong-bits-5', 0]);
  const lines = chart.lines.map(({ label, points }) => [label, ...points.map(({ x }) => x)]);
  t.strictSame(lines, [
    ['lru', 0, 1],
    ['belady', 0, 1],
    ['mark0 · flip', 0, 0.1, 0.5, 1],
    ['mark0 · bursts', 0, 0.1, 1],
  ]);
  const [{ y, low = 0, high = 0 }] = chart.lines[2].points;
  t.ok(low < y && y < high, 'the interval is around the mean');
});

t.test(
  'several capacities are a figure of hit ratios, without the shares between right and inverted',
  async (t) => {
    const records = [
      ...yardsticks(50),
      ...yardsticks(5),
      summary('mark0', 'flip:0.1', 50, [1.2]),
      summary('mark0', 'flip:0.2', 5, [1.2]),
      summary('mark0', 'perfect', 50, [1]),
    ];
    const [{ name, chart }] = summaryCharts('pages', records);
    t.equal(name, 'hit-ratio');
    t.strictSame(
      chart.lines.map(({ label, points }) => [label, ...points.map(({ x }) => x)]),
      [
        ['lru', 5, 50],
        ['belady', 5, 50],
        ['mark0 · perfect', 50],
      ],
    );
  },
);

t.test('a single share of wrong bits is a line against the capacity', async (t) => {
  const noisy = [5, 50].map((capacity) => summary('mark0', 'flip:0.1', capacity, [1.2]));
  const charts = summaryCharts('pages', [...yardsticks(5), ...yardsticks(50), ...noisy]);
  t.strictSame(
    charts.map(({ name, chart }) => [name, chart.lines[2].label, chart.lines[2].points.length]),
    [['hit-ratio', 'mark0 · flip:0.1', 2]],
  );
});

t.test('one capacity without wrong bits has no figure', async (t) => {
  t.strictSame(summaryCharts('pages', [...yardsticks(5), wrong[0], wrong[4]]), []);
});
