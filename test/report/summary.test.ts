import t from 'tap';
import { meanOf, summarise } from '../../src/report/summary.ts';
import { sweepTable } from '../../src/report/sweep-table.ts';
import { madeUpRecord } from './made-up-records.ts';

t.test('a mean comes with its 95% confidence interval', async (t) => {
  t.strictSame(meanOf([7]), { mean: 7, halfWidth: 0 });
  // Tabulated quantiles of Student's t for 1, 2, 3, 9 and 20 degrees of freedom.
  for (const [values, quantile] of [
    [[1, 3], 12.706],
    [[1, 2, 3], 4.303],
    [[1, 2, 3, 4], 3.182],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2.262],
    [Array.from({ length: 21 }, (_, i) => i * i), 2.086],
  ] as const) {
    const { mean, halfWidth } = meanOf(values);
    const n = values.length;
    t.equal(mean, values.reduce((sum: number, value) => sum + value, 0) / n);
    const deviation = Math.sqrt(
      values.reduce((sum: number, value) => sum + (value - mean) ** 2, 0) / (n - 1),
    );
    const expected = (quantile * deviation) / Math.sqrt(n);
    t.ok(Math.abs(halfWidth / expected - 1) < 0.001, `${n} values: ${halfWidth}, expected ${expected}`);
  }
});

t.test('records are summarised over their seeds and nothing else', async (t) => {
  const records = [
    madeUpRecord('lru', 'none', 900),
    { ...madeUpRecord('mark0', 'flip:0.1', 600), seed: 1 },
    { ...madeUpRecord('mark0', 'flip:0.1', 700), seed: 2 },
    { ...madeUpRecord('mark0', 'perfect', 500), gapClosed: null },
  ];
  const [lru, flipped, perfect] = summarise(records);
  t.strictSame([lru.seeds, flipped.seeds, perfect.seeds], [1, 2, 1]);
  t.equal(flipped.faults.mean, 650);
  t.equal(perfect.gapClosed, null);
  const lines = sweepTable(records).split('\n');
  t.match(
    lines.find((line) => line.includes('flip:0.1')),
    / 2 +650 +\S+ ± \S+/,
  );
  t.match(
    lines.find((line) => line.includes('perfect')),
    / 1 +500 .* –$/,
  );
});
