import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { catalog, findPolicy } from '../../src/policies/find-policy.ts';
import { compareWeighted, takesWeights } from '../../src/simulator/compare-weighted.ts';
import { hold, sizedInstances } from '../arbitraries.ts';
import { cheapest } from '../paging/naive-sized.ts';

const policies = catalog().filter(takesWeights);

t.test('no bound is above the optimum, which brute force finds, nor above what a policy pays', async () => {
  hold(
    fc.property(sizedInstances(10, 4, 6), ({ sequence, weights, bytes }) => {
      const { sizes, costs } = weights;
      fc.pre(sequence.pages.length > 0);
      const least = (costs: Float64Array) => cheapest(sequence, { sizes, costs }, bytes);
      const optima = [least(costs.map(() => 1)), least(Float64Array.from(sizes)), least(costs)];
      const comparison = { name: 'drawn', sequence, sizes, costs, policies, capacities: [bytes], seed: 1 };
      for (const record of compareWeighted(comparison)) {
        const bounds = [record.faultsBound, record.missedBytesBound ?? -1, record.faultCostBound ?? -1];
        const paid = [record.faults, record.missedBytes ?? -1, record.faultCost ?? -1];
        for (let i = 0; i < 3; i++) {
          assert(bounds[i] >= 0 && bounds[i] <= optima[i] + 1e-9, `bound ${bounds[i]}, optimum ${optima[i]}`);
          assert(optima[i] <= paid[i], `${record.policy} pays ${paid[i]}, the optimum ${optima[i]}`);
        }
      }
    }),
    100,
  );
});

t.test('ratios are of requests and of bytes, and what the trace does not tell is null', async (t) => {
  const sequence = { pages: Uint32Array.of(0, 1, 0, 2), pageCount: 3 };
  const sizes = Uint32Array.of(2, 6, 12);
  const common = { name: 'small', sequence, policies: [findPolicy('lru')], seed: 1 };
  const [record] = compareWeighted({ ...common, sizes, costs: undefined, capacities: [8] });
  t.match(record, { unit: 'bytes', requests: 4, faults: 3, missRatio: 0.75, hitRatio: 0.25, bypasses: 1 });
  t.match(record, { requestedBytes: 22, missedBytes: 20, byteMissRatio: 20 / 22, faultCost: null });
  const costs = Float64Array.of(5, 1, 0.5);
  const [unit] = compareWeighted({ ...common, sizes: undefined, costs, capacities: [2] });
  t.match(unit, {
    unit: 'pages',
    faults: 3,
    faultCost: 6.5,
    bypasses: 0,
    missedBytes: null,
    byteHitRatio: null,
  });
});

t.test(
  'gdsf, lhd and hyperbolic say that they weigh costs; combinators say so of what they wrap',
  async (t) => {
    const weighing = policies.filter(({ costs }) => costs).map(({ name }) => name);
    t.strictSame(weighing, ['gdsf', 'lhd', 'hyperbolic']);
    t.ok(findPolicy('discard(gdsf)').costs && findPolicy('discard(gdsf)').sizes);
    t.notOk(findPolicy('discard(arc)').sizes);
  },
);

t.test('hyperbolic prefers to keep what is small, dear and frequent', async (t) => {
  const run = (sizes: number[], costs: number[], pages: number[], bytes: number) => {
    const [record] = compareWeighted({
      name: 'small',
      sequence: { pages: Uint32Array.from(pages), pageCount: 3 },
      sizes: Uint32Array.from(sizes),
      costs: Float64Array.from(costs),
      policies: [findPolicy('hyperbolic')],
      capacities: [bytes],
      seed: 1,
    });
    return record.faults;
  };
  t.equal(run([1, 4, 4], [1, 1, 1], [0, 1, 2, 0], 5), 3, 'the small page stays');
  t.equal(run([2, 2, 2], [9, 1, 1], [0, 1, 2, 0], 4), 3, 'the dear page stays');
  t.equal(
    run([2, 2, 2], [1, 1, 1], [0, 0, 0, 1, 2, 0], 4),
    4,
    'rates count: the page of one step was requested as often',
  );
});
