import t from 'tap';
import { curveFigure, curveTable } from '../../src/report/curve.ts';
import type { CurveRecord } from '../../src/simulator/result.ts';

/** A record with the ratios that belong to its faults among 1,000 requests. */
function record(capacity: number, lruFaults: number, optFaults: number): CurveRecord {
  const [lruHitRatio, optHitRatio] = [1 - lruFaults / 1000, 1 - optFaults / 1000];
  return { trace: '<made & up>', capacity, requests: 1000, lruFaults, optFaults, lruHitRatio, optHitRatio };
}

const records = [record(1, 1000, 1000), record(50, 800, 500), record(2000, 250, 250)];

t.test('a curve gives exactly this table', async (t) => {
  t.strictSame(curveTable(records).split('\n'), [
    'capacity    LRU    OPT    gap  hit ratio, 0 to 100%',
    '───────────────────────────────────────────────────────────────────────',
    '       1   0.0%   0.0%   0.0%',
    '      50  20.0%  50.0%  30.0%  ████████░░░░░░░░░░░░',
    '   2,000  75.0%  75.0%   0.0%  ██████████████████████████████',
    '',
    '<made & up>: hits of 1,000 requests from an empty cache on; capacity in pages.',
    'Bars: █ LRU, ░ what OPT has more. Every count is exact.',
  ]);
});

t.test('the figure has both curves, says where the gap is widest, and lacks no number', async (t) => {
  const svg = await curveFigure(records);
  t.equal(svg.match(/mark-line/g)?.length, 2);
  t.match(svg, 'The gap is widest near 50 pages: OPT hits 50.0% of requests, LRU 20.0%');
  t.match(svg, '&lt;made &amp; up&gt;');
  for (const label of ['LRU', 'OPT', '1,000']) t.match(svg, `>${label}</text>`);
  t.equal(svg, await curveFigure(records), 'the same records give the same figure');
  for (const few of [[record(1, 1000, 1000)], [record(3, 700, 700)]]) {
    const flat = await curveFigure(few);
    t.notMatch(flat, /NaN|undefined|Infinity/);
    t.match(flat, 'LRU is optimal at every capacity shown');
  }
});
