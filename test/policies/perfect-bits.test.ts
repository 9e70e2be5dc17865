/** Consistency 1: on true discard bits the one-bit policies have exactly the faults of the optimum, whatever the coins. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { discardLabels, extendedDiscardLabels } from '../../src/paging/labels.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances, seeds } from '../arbitraries.ts';

const CONSISTENT = [
  'flush-when-all-0s',
  'lazy-flush-when-all-0s',
  'mark0',
  'lazy-mark0',
  'discard(lru)',
  'discard(fifo)',
  'discard(clock)',
  'discard(random)',
  'guard(lazy-mark0)',
  'guard(discard(lru))',
  'guard(lazy-flush-when-all-0s)',
  // The first side is never behind the optimum, so the second is never followed.
  'switch(discard(lru),lru,margin=0)',
  'switch(lazy-mark0,lru,margin=0)',
].map((name) => findPolicy(name));

for (const [labels, kind] of [
  [discardLabels, 'the labels of LFD'],
  [extendedDiscardLabels, 'the extended labels'],
] as const) {
  for (const policy of CONSISTENT) {
    t.test(`${policy.name} on ${kind} has the faults of belady`, async () => {
      for (const sequence of requestSequences(4, 7)) {
        for (let k = 1; k <= 3; k++) {
          const expected = expectedFaults(policy, k, sequence, labels(sequence, k));
          assert(
            Math.abs(expected - optimalFaults(sequence, k)) < 1e-9,
            `k = ${k}, ${sequence.pages.join(' ')}`,
          );
        }
      }
      hold(
        fc.property(
          instances({ length: 80, capacity: 6, extra: 5 }),
          seeds,
          ({ sequence, capacity }, seed) => {
            const { pageCount } = sequence;
            const random = new SeededRandom(seed);
            const cache = new Cache(
              capacity,
              pageCount,
              policy.create({ capacity, pageCount, random, sequence }),
            );
            assert.equal(
              cache.serve(sequence, labels(sequence, capacity)),
              optimalFaults(sequence, capacity),
            );
          },
        ),
      );
    });
  }
}
