import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { leastFaultCost } from '../../src/paging/cost-bound.ts';
import { mostPages, unitCosts, type Weights } from '../../src/paging/weights.ts';
import { catalog, findPolicy } from '../../src/policies/find-policy.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { simulateSized } from '../../src/simulator/simulate-sized.ts';
import { hold, instances, sizedInstances } from '../arbitraries.ts';
import { cheapest, NAIVE, naiveSized } from './naive-sized.ts';

const SIZED = catalog().filter(({ sizes, needs }) => sizes && needs === 'nothing');

t.test('pages of equal size and cost: a cache of k sizes is a cache of k pages', async (t) => {
  t.ok(SIZED.length >= 9, SIZED.map(({ name }) => name).join(', '));
  hold(
    fc.property(
      instances({ length: 100, capacity: 6, extra: 5 }),
      fc.constantFrom(1, 2, 8),
      (instance, size) => {
        const { sequence, capacity } = instance;
        const weights = unitCosts(new Uint32Array(sequence.pageCount).fill(size));
        for (const policy of SIZED) {
          const sized = simulateSized({
            sequence,
            weights,
            policy,
            bytes: capacity * size + size - 1,
            seed: 1,
          });
          // Powers of two, so that dividing by the size loses nothing.
          assert.equal(sized.faults, simulate({ sequence, policy, capacity, seed: 1 }), policy.name);
          assert.equal(sized.missedBytes, sized.faults * size);
          assert.equal(sized.faultCost, sized.faults);
        }
      },
    ),
    300,
  );
});

t.test('faults, bytes, costs and bypasses are those of a naive simulator', async () => {
  // Powers of two keep the values of gdsf and hyperbolic exact, so that ties are ties.
  const exact = ({ sizes, costs }: Weights) => ({ sizes: sizes.map((size) => 2 ** (size % 4)), costs });
  for (const policy of Object.keys(NAIVE)) {
    hold(
      fc.property(sizedInstances(60, 7, 8), ({ sequence, weights: drawn, bytes }) => {
        const weights = exact(drawn);
        const result = simulateSized({ sequence, weights, policy: findPolicy(policy), bytes, seed: 1 });
        const naive = naiveSized(policy, sequence.pages, weights, bytes);
        assert.deepEqual(result, naive, policy);
      }),
      500,
    );
  }
});

t.test('the bound is at most the optimum, which is at most what any policy pays', async () => {
  hold(
    fc.property(sizedInstances(12, 4, 6), ({ sequence, weights, bytes }) => {
      const optimum = cheapest(sequence, weights, bytes);
      const bound = leastFaultCost(sequence, weights, bytes);
      assert(bound <= optimum + 1e-9, `bound ${bound}, optimum ${optimum}`);
      for (const policy of SIZED) {
        const { faultCost } = simulateSized({ sequence, weights, policy, bytes, seed: 1 });
        assert(faultCost >= optimum, `${policy.name} pays ${faultCost}, the optimum ${optimum}`);
      }
    }),
    300,
  );
});

t.test(
  'the bound is at most the faults of Belady where all weigh 1, and exact for one page too many',
  async (t) => {
    hold(
      fc.property(instances({ length: 100, capacity: 6, extra: 5 }), ({ sequence, capacity }) => {
        const weights = unitCosts(new Uint32Array(sequence.pageCount).fill(1));
        assert(leastFaultCost(sequence, weights, capacity) <= optimalFaults(sequence, capacity) + 1e-9);
      }),
    );
    const sequence = { pages: Uint32Array.of(0, 1, 0, 1, 0), pageCount: 2 };
    // Boxes of 2 steps and 3 bytes each: one after the other fits into 3 bytes over 4 steps.
    t.equal(leastFaultCost(sequence, unitCosts(Uint32Array.of(3, 3)), 3), 3);
    t.equal(leastFaultCost(sequence, unitCosts(Uint32Array.of(3, 9)), 8), 3, 'what is too large never hits');
  },
);

t.test('a page too large for the cache costs at every request and pushes nothing out', async (t) => {
  const sequence = { pages: Uint32Array.of(0, 1, 2, 1, 0, 2), pageCount: 3 };
  const weights = { sizes: Uint32Array.of(2, 10, 3), costs: Float64Array.of(1, 7, 2) };
  const result = simulateSized({ sequence, weights, policy: findPolicy('lru'), bytes: 5, seed: 1 });
  t.strictSame(result, { faults: 4, missedBytes: 25, faultCost: 17, bypasses: 2 });
});

t.test('one fault may evict several pages, and the least recent go first', async (t) => {
  const weights = unitCosts(Uint32Array.of(1, 1, 1, 2));
  const run = (pages: number[]) =>
    simulateSized({
      sequence: { pages: Uint32Array.from(pages), pageCount: 4 },
      weights,
      policy: findPolicy('lru'),
      bytes: 3,
      seed: 1,
    }).faults;
  t.equal(run([0, 1, 2, 0, 3, 0]), 4, 'page 3 takes the room of 1 and 2');
  t.equal(run([0, 1, 2, 0, 3, 1]), 5);
});

t.test('only what is after the warming part is scored', async (t) => {
  const sequence = { pages: Uint32Array.of(0, 1, 0, 2), pageCount: 3 };
  const weights = { sizes: Uint32Array.of(1, 2, 3), costs: Float64Array.of(1, 10, 100) };
  const result = simulateSized({ sequence, weights, policy: findPolicy('fifo'), bytes: 3, seed: 1, from: 2 });
  t.strictSame(result, { faults: 1, missedBytes: 3, faultCost: 100, bypasses: 0 });
});

t.test('gdsf prefers to keep what is small, dear and frequent', async (t) => {
  const run = (sizes: number[], costs: number[], pages: number[], bytes: number) =>
    simulateSized({
      sequence: { pages: Uint32Array.from(pages), pageCount: 3 },
      weights: { sizes: Uint32Array.from(sizes), costs: Float64Array.from(costs) },
      policy: findPolicy('gdsf'),
      bytes,
      seed: 1,
    }).faults;
  t.equal(run([1, 4, 4], [1, 1, 1], [0, 1, 2, 0], 5), 3, 'the small page stays');
  t.equal(run([2, 2, 2], [9, 1, 1], [0, 1, 2, 0], 4), 3, 'the dear page stays');
  t.equal(run([2, 2, 2], [1, 1, 1], [0, 0, 1, 2, 0], 4), 3, 'the frequent page stays');
});

t.test('as many pages fit as there are smallest ones', async (t) => {
  t.equal(mostPages(Uint32Array.of(5, 2, 2), 6), 2);
  t.equal(mostPages(Uint32Array.of(5, 2, 2), 9), 3);
  t.equal(mostPages(Uint32Array.of(5), 4), 0);
});
