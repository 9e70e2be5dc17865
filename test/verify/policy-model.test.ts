/** The models that certificates reason about are the policies of the catalog. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { add, rational, toNumber } from '../../src/support/rational.ts';
import { findModel } from '../../src/verify/certificate/find-model.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { hold, instances } from '../arbitraries.ts';

const DETERMINISTIC = [
  'lru',
  'fifo',
  'flush',
  'flush-when-all-0s',
  'lazy-flush-when-all-0s',
  'discard(lru)',
  'discard(fifo)',
  'clock',
  'sieve',
];

const RANDOMISED = [
  'marker',
  'mark0',
  'lazy-mark0',
  'online-min',
  'mark-and-predict',
  'guard(lru)',
  'guard(discard(lru))',
];

for (const name of RANDOMISED) {
  t.test(`the model of ${name} expects the faults that all coins together give`, async () => {
    hold(
      fc.property(instances({ length: 14, capacity: 3, extra: 3 }), ({ sequence, capacity, bits }) => {
        const model = findModel(name, capacity);
        let state = model.start(sequence.pageCount);
        let faults = rational(0);
        sequence.pages.forEach((page, i) => {
          const served = model.serve(state, page, bits[i]);
          state = served.state;
          faults = add(faults, served.faults);
        });
        const expected = expectedFaults(findPolicy(name), capacity, sequence, bits);
        assert(Math.abs(toNumber(faults) - expected) < 1e-9, `${toNumber(faults)}, expected ${expected}`);
      }),
      300,
    );
  });
}

for (const name of DETERMINISTIC) {
  t.test(`the model of ${name} holds the same pages as the policy after every request`, async () => {
    hold(
      fc.property(instances({ length: 60, capacity: 5, extra: 4 }), ({ sequence, capacity, bits }) => {
        const { pages, pageCount } = sequence;
        const run = { capacity, pageCount, random: new SeededRandom(1), sequence };
        const cache = new Cache(capacity, pageCount, findPolicy(name).create(run));
        const model = findModel(name, capacity);
        let state = model.start(pageCount);
        pages.forEach((page, i) => {
          const served = model.serve(state, page, bits[i]);
          state = served.state;
          assert.equal(toNumber(served.faults), cache.request(page, bits[i]) ? 0 : 1, `step ${i}`);
          assert.deepEqual(
            state.marks.map((mark) => mark > 0),
            Array.from(cache.slotOf, (slot) => slot >= 0),
            `after step ${i}`,
          );
        });
      }),
    );
  });
}

for (const name of [...DETERMINISTIC, ...RANDOMISED]) {
  t.test(`renaming pages commutes with the model of ${name}`, async () => {
    hold(
      fc.property(instances({ length: 40, capacity: 4, extra: 3 }), ({ sequence, capacity, bits }) => {
        const { pages, pageCount } = sequence;
        const model = findModel(name, capacity);
        const renamed = (page: number) => pageCount - 1 - page;
        let state = model.start(pageCount);
        let mirrored = model.start(pageCount);
        pages.forEach((page, i) => {
          state = model.serve(state, page, bits[i]).state;
          mirrored = model.serve(mirrored, renamed(page), bits[i]).state;
          // A belief may have its outcomes in another order, which changes its columns but not the set of them.
          const order = (marks: readonly number[]) => (name.startsWith('guard') ? [...marks].sort() : marks);
          assert.deepEqual(order([...mirrored.marks].reverse()), order(state.marks));
          assert.equal(mirrored.shared, state.shared);
        });
      }),
    );
  });
}
