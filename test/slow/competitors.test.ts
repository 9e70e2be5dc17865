import { readFileSync } from 'node:fs';
import t from 'tap';
import { brightkite, citibike, DATA } from '../../experiments/brightkite/instances.ts';
import { predictor, scheduleBits } from '../../experiments/competitors/predictions.ts';
import { cells, dataset, type Row, tolerance } from '../../experiments/competitors/table.ts';
import { perfectStates } from '../../src/paging/cache-states.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';

const expected = JSON.parse(readFileSync('experiments/competitors/expected.json', 'utf8'));
const instances = brightkite(DATA) ?? [];
const skip = instances.length === 0 ? `${DATA} is missing` : false;
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
    const data = dataset('brightkite', 10, instances);
    for (const { title, predictions, rows } of expected.tables) {
      if (!title.startsWith('published')) continue;
      const policies = Object.keys(rows);
      predictions.forEach((kind: string, j: number) => {
        const found = cells(
          data,
          policies.map((policy) => ({ policy })),
          kind,
          seeds,
        );
        found.forEach((cell, i) => {
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

t.test('the rows that are not in print are as when they were measured, two seeds', { skip }, async (t) => {
  const data = dataset('brightkite', 10, instances);
  const few = seeds.slice(0, 2);
  for (const { title, bits, predictions, rows } of expected.tables) {
    if (!title.startsWith('new')) continue;
    const asked = Object.keys(rows).map((policy): Row => ({ policy, ...(bits && { bits }) }));
    predictions.forEach((kind: string, j: number) => {
      if (kind === 'noise:20' || kind === 'noise:200') return;
      cells(data, asked, kind, few).forEach(({ ratio }, i) => {
        const reference = rows[asked[i].policy].brightkite[j];
        t.ok(
          Math.abs(ratio - reference) < 0.01 * reference,
          `${title}, ${asked[i].policy}, ${kind}: ${ratio}, ${reference}`,
        );
      });
    });
  }
});

t.test(
  'schedule bits: true states give the true labels, up to pages never asked for again',
  { skip },
  async (t) => {
    for (const instance of instances.slice(0, 20)) {
      const bits = scheduleBits(instance, perfectStates(instance, 10));
      t.strictSame(predictionError(bits, discardLabels(instance, 10)), { eta0: 0, eta1: 0 });
    }
  },
);

t.test(
  'on schedule bits the eager mark0 is the followed schedule; lazy one-bit policies are all the same, and no worse',
  { skip },
  async (t) => {
    const data = dataset('brightkite', 10, instances.slice(0, 20));
    const lazy = ['flush-when-all-0s', 'lazy-mark0', 'discard(lru)', 'discard(online-min)'];
    const rows = [...lazy, 'mark0', 'follow-the-prediction'].map(
      (policy): Row => ({ policy, bits: 'schedule' }),
    );
    for (const kind of ['noise:5', 'noise:200', 'pleco']) {
      const found = cells(data, rows, kind, [1]).map(({ ratio }) => ratio);
      t.strictSame(found.slice(0, 4), Array(4).fill(found[0]), kind);
      t.equal(found[4], found[5], kind);
      t.ok(found[0] <= found[5], kind);
    }
  },
);

t.test('horizon bits: with true arrivals as many are 1 as among the true labels', { skip }, async (t) => {
  const told = predictor('noise:0', instances, 10);
  let [found, wanted] = [0, 0];
  instances.forEach((instance, i) => {
    found += told(i, 1).discard.horizon.reduce((sum, bit) => sum + bit, 0);
    wanted += discardLabels(instance, 10).reduce((sum, bit) => sum + bit, 0);
  });
  t.ok(Math.abs(found / wanted - 1) < 0.03, `${found}, ${wanted}`);
});
