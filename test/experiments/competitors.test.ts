import { readFileSync } from 'node:fs';
import t from 'tap';
import { brightkite, citibike, DATA } from '../../experiments/brightkite/instances.ts';
import { cells, dataset, tolerance } from '../../experiments/competitors/table.ts';

const expected = JSON.parse(readFileSync('experiments/competitors/expected.json', 'utf8'));
const instances = brightkite(DATA);
const skip = instances === undefined ? `${DATA} is missing` : false;
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);

t.test('the CitiBike instances are those of the reference', { skip }, async (t) => {
  const months = citibike(DATA) ?? [];
  t.strictSame(
    months.map(({ pages }) => pages.length),
    Array(12).fill(25_000),
  );
  t.equal(dataset('citibike', 100, months).optFaults, expected.datasets[1].optFaults);
});

t.test(
  'every Brightkite cell of the published comparison is within chance, or differs as stated',
  { skip },
  async (t) => {
    const data = dataset('brightkite', 10, instances ?? []);
    for (const { predictions, rows } of expected.tables) {
      const policies = Object.keys(rows);
      predictions.forEach((kind: string, j: number) => {
        cells(data, policies, kind, seeds).forEach((cell, i) => {
          const reference = rows[policies[i]].brightkite[j];
          const stated = policies[i] in expected.differences ? expected.largestDifference : 0;
          const apart = Math.abs(cell.ratio - reference);
          t.ok(
            apart <= Math.max(tolerance(cell), stated),
            `${policies[i]}, ${kind}: ${cell.ratio}, ${reference}`,
          );
        });
      });
    }
  },
);
