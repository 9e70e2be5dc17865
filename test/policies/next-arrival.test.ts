/** The policies with predicted next arrivals: consistency, and how they reduce to those without predictions. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { perfectArrivals } from '../../src/predictors/next-arrival.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances } from '../arbitraries.ts';

const MARKING = ['predictive-marker', 'l-marker'].map((name) => findPolicy(name));

function start(name: string, { sequence, capacity }: Instance, seed: number): Cache {
  const { pageCount } = sequence;
  const random = new SeededRandom(seed);
  return new Cache(capacity, pageCount, findPolicy(name).create({ capacity, pageCount, random, sequence }));
}

t.test('follow-the-prediction on true arrivals has the faults of belady', async () => {
  hold(
    fc.property(instances({ length: 80, capacity: 6, extra: 5 }), (instance) => {
      const { sequence, capacity } = instance;
      const faults = start('follow-the-prediction', instance, 1).serve(sequence, perfectArrivals(sequence));
      assert.equal(faults, optimalFaults(sequence, capacity));
    }),
  );
});

t.test('on true arrivals the marking policies have at most 2·OPT faults', async () => {
  const check = (policy: (typeof MARKING)[number], { sequence, capacity }: Omit<Instance, 'bits'>) => {
    const expected = expectedFaults(policy, capacity, sequence, perfectArrivals(sequence));
    const optimum = optimalFaults(sequence, capacity);
    assert(
      expected <= 2 * optimum + 1e-9,
      `${policy.name}, k = ${capacity}, ${sequence.pages.join(' ')}: ${expected}`,
    );
  };
  for (const policy of MARKING) {
    for (const sequence of requestSequences(5, 8))
      for (let capacity = 1; capacity <= 4; capacity++) check(policy, { sequence, capacity });
    hold(
      fc.property(instances({ length: 40, capacity: 4, extra: 3 }), (instance) => check(policy, instance)),
    );
  }
});

t.test('a clean page takes the place of the unmarked page predicted last', async (t) => {
  for (const name of ['predictive-marker', 'l-marker', 'l-non-marker']) {
    const sequence = { pages: Uint32Array.of(0, 1, 2, 3), pageCount: 4 };
    for (let seed = 0; seed < 10; seed++) {
      const cache = start(name, { sequence, capacity: 3, bits: new Uint8Array(4) }, seed);
      cache.serve(sequence, Float64Array.of(7, 9, 8, 5));
      t.equal(cache.slotOf[1], -1, name);
    }
  }
});

t.test('a chain longer than H_k turns predictive-marker to coins', async (t) => {
  // k = 3, H_3 = 1.83: the clean page 3 replaces page 0, predicted last; when 0 returns, pages 1 and 2 are as likely.
  const sequence = { pages: Uint32Array.of(0, 1, 2, 3, 0, 1), pageCount: 4 };
  const arrivals = Float64Array.of(9, 8, 7, 5, 5, 5);
  t.equal(expectedFaults(findPolicy('predictive-marker'), 3, sequence, arrivals), 5.5);
  t.equal(expectedFaults(findPolicy('l-marker'), 3, sequence, arrivals), 5.5);
});

t.test('robust-ftp and l-non-marker stay near the better of the two policies they combine', async (t) => {
  const random = new SeededRandom(8);
  const pages = Uint32Array.from({ length: 20_000 }, () => Math.min(random.below(40), random.below(40)));
  const instance = { sequence: { pages, pageCount: 40 }, capacity: 10, bits: new Uint8Array(0) };
  const truth = perfectArrivals(instance.sequence);
  const worst = truth.map((arrival) => -arrival);
  const faults = (name: string, arrivals: Float64Array) =>
    start(name, instance, 3).serve(instance.sequence, arrivals);
  for (const arrivals of [truth, worst]) {
    const better = Math.min(faults('marker', arrivals), faults('follow-the-prediction', arrivals));
    t.ok(faults('robust-ftp', arrivals) < 1.05 * better, 'robust-ftp');
  }
  t.ok(faults('l-non-marker', worst) < 1.05 * faults('marker', worst), 'l-non-marker');
});
