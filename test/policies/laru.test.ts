import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { Laru } from '../../src/policies/augmented/laru.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { perfectArrivals } from '../../src/predictors/next-arrival.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';

function faults({ sequence, capacity }: Omit<Instance, 'bits'>, arrivals: Float64Array): number {
  const policy = new Laru(capacity, sequence.pageCount);
  return new Cache(capacity, sequence.pageCount, policy).serve(sequence, arrivals);
}

/** The rule with plain arrays: pages least recently used first. */
function blackboard({ sequence, capacity }: Omit<Instance, 'bits'>, arrivals: Float64Array): number {
  let cache: { page: number; arrival: number; unvisited: boolean }[] = [];
  let [count, wanted, hasErred] = [0, capacity, false];
  let evicted = new Set<number>();
  sequence.pages.forEach((page, step) => {
    const others = cache.filter((one) => one.page !== page);
    if (others.length === cache.length) {
      count++;
      if (others.length === capacity) {
        if (!cache.some(({ unvisited }) => unvisited)) {
          for (const one of cache) one.unvisited = true;
          if (!hasErred) wanted = Math.min(capacity, 2 * wanted);
          [evicted, hasErred] = [new Set(), false];
        }
        if (evicted.has(page)) [wanted, hasErred] = [Math.max(1, Math.floor(wanted / 2)), true];
        const candidates = cache.slice(0, wanted);
        const latest = Math.max(...candidates.map(({ arrival }) => arrival));
        const victim = candidates.find(({ arrival }) => arrival === latest);
        assert(victim);
        evicted.add(victim.page);
        others.splice(others.indexOf(victim), 1);
      }
    }
    cache = [...others, { page, arrival: arrivals[step], unvisited: false }];
  });
  return count;
}

t.test('laru has the faults of its rule on a blackboard, whatever the arrivals', async () => {
  hold(
    fc.property(instances({ length: 90, capacity: 9, extra: 7 }), seeds, (instance, seed) => {
      const random = new SeededRandom(seed);
      // No two alike, so that a tie-break plays no part.
      const arrivals = Float64Array.from(
        instance.sequence.pages,
        (_, step) => random.below(50) + step / 1000,
      );
      assert.equal(faults(instance, arrivals), blackboard(instance, arrivals));
    }),
  );
});

t.test('laru on true arrivals has the faults of belady', async () => {
  const check = (instance: Omit<Instance, 'bits'>) => {
    const { sequence, capacity } = instance;
    assert.equal(faults(instance, perfectArrivals(sequence)), optimalFaults(sequence, capacity));
  };
  for (const sequence of requestSequences(5, 7))
    for (let capacity = 1; capacity <= 4; capacity++) check({ sequence, capacity });
  hold(fc.property(instances({ length: 90, capacity: 8, extra: 7 }), check));
});

t.test('laru on the worst arrivals stays near lru, where follow-the-prediction does not', async (t) => {
  const sequence = zipfSequence(30_000, 400, 0.8, 2);
  const instance = { sequence, capacity: 64 };
  const worst = perfectArrivals(sequence).map((arrival) => -arrival);
  const run = (name: string) =>
    new Cache(
      64,
      400,
      findPolicy(name).create({ capacity: 64, pageCount: 400, random: new SeededRandom(1), sequence }),
    );
  const lru = run('lru').serve(sequence);
  const blind = run('follow-the-prediction').serve(sequence, worst);
  const found = faults(instance, worst);
  t.ok(found < 1.1 * lru && blind > 1.2 * lru, `lru ${lru}, laru ${found}, follow-the-prediction ${blind}`);
});
