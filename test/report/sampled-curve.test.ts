import t from 'tap';
import { sampledFigure, sampledTable } from '../../src/report/sampled-curve.ts';
import type { SampledCurveRecord } from '../../src/simulator/result.ts';

function record(capacity: number, lruHitRatio: number, exactHitRatio: number | null): SampledCurveRecord {
  return {
    trace: '<made & up>',
    capacity,
    requests: 1000,
    lruHitRatio,
    standardError: 0.0123,
    exactHitRatio,
  };
}

const error = { mean: 0.0125, largest: 0.02, capacity: 1, resolved: 0.0075 };

t.test('an estimate with its exact curve gives exactly this table', async (t) => {
  const table = sampledTable([record(1, 0.02, 0), record(2000, 0.745, 0.75)], {
    count: 5,
    rate: 0.04,
    error,
  });
  t.strictSame(table.split('\n'), [
    '                LRU               ±    LRU        ',
    'capacity  estimated  standard error  exact   error',
    '──────────────────────────────────────────────────',
    '       1       2.0%           1.23%   0.0%   2.00%',
    '   2,000      74.5%           1.23%  75.0%  −0.50%',
    '',
    '<made & up>: hits of 1,000 requests from an empty cache on; capacity in pages.',
    'Mean of 5 samples of about one page in 25; smaller capacities than that are beyond its resolution.',
    'Mean absolute error over all capacities 1.25%, largest 2.00% at 1, within the resolution 0.75%.',
  ]);
});

t.test('without the exact curve the spread of the samples stands for the error', async (t) => {
  const records = [record(1, 0.02, null), record(2000, 0.745, null)];
  const sampling = { count: 5, rate: 0.6, error: undefined };
  const table = sampledTable(records, sampling);
  t.match(table, 'about one page in 1.7;');
  t.match(table, 'Too large for the exact curve: the spread of the samples tells the error.');
  t.notMatch(table, 'exact  ');
  const svg = await sampledFigure(records, sampling);
  for (const label of ['LRU estimated', '+2 s.e.', '−2 s.e.']) t.match(svg, `>${label}</text>`);
  t.notMatch(svg, /NaN|undefined|Infinity/);
});

t.test('the figure has the estimate and the exact curve, and says how far apart they are', async (t) => {
  const svg = await sampledFigure([record(1, 0.02, 0), record(2000, 0.745, 0.75)], {
    count: 5,
    rate: 0.04,
    error,
  });
  t.equal(svg.match(/mark-line/g)?.length, 2);
  t.match(svg, 'LRU from one page in 25: the mean absolute error over all capacities is 1.25%');
});
