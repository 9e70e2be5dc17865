/** What mark-and-predict prefers, and how the policies with bits reduce to those without. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { phases } from '../../src/paging/phases.ts';
import type { Bits } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';

function start(name: string, { sequence, capacity }: Instance, seed: number): Cache {
  const { pageCount } = sequence;
  const random = new SeededRandom(seed);
  return new Cache(capacity, pageCount, findPolicy(name).create({ capacity, pageCount, random, sequence }));
}

/** Calls `visit` after each request with its step and the pages that left. */
function watch(
  cache: Cache,
  { sequence }: Instance,
  bits: Bits,
  visit: (step: number, left: number[]) => void,
): void {
  sequence.pages.forEach((page, step) => {
    const before = [...cache.slotOf.keys()].filter((other) => cache.slotOf[other] >= 0);
    cache.request(page, bits[step]);
    visit(
      step,
      before.filter((other) => cache.slotOf[other] < 0),
    );
  });
}

t.test('mark-and-predict evicts a page with bit 1 as long as there is an unmarked one', async () => {
  hold(
    fc.property(instances({ length: 60, capacity: 5, extra: 3 }), seeds, (instance, seed) => {
      const { sequence, capacity, bits } = instance;
      const phase = phases(sequence, capacity);
      const cache = start('mark-and-predict', instance, seed);
      watch(cache, instance, bits, (step, left) => {
        if (left.length === 0) return;
        const latest = (page: number) => sequence.pages.lastIndexOf(page, step - 1);
        if (bits[latest(left[0])] === 1) return;
        for (let page = 0; page < sequence.pageCount; page++) {
          if (cache.slotOf[page] < 0 || page === sequence.pages[step]) continue;
          const unmarked = phase[latest(page)] < phase[step];
          assert(!unmarked || bits[latest(page)] === 0, `page ${page} should have left at step ${step}`);
        }
      });
    }),
  );
});

t.test('bits that are all alike tell nothing: mark-and-predict is marker, in exact expectation', async () => {
  const [marker, markAndPredict] = [findPolicy('marker'), findPolicy('mark-and-predict')];
  for (const sequence of requestSequences(5, 8)) {
    for (let k = 2; k <= 4; k++) {
      const expected = expectedFaults(marker, k, sequence);
      for (const bit of [0, 1]) {
        const found = expectedFaults(markAndPredict, k, sequence, new Uint8Array(8).fill(bit));
        assert(Math.abs(found - expected) < 1e-9, `k = ${k}, bits ${bit}: ${found}, marker ${expected}`);
      }
    }
  }
});

t.test('without a bit 1, a policy with discard bits is the policy it is made of', async () => {
  for (const [name, plain] of [
    ['mark0', 'marker'],
    ['lazy-mark0', 'marker'],
    ['flush-when-all-0s', 'flush'],
    ['discard(lru)', 'lru'],
    ['discard(fifo)', 'fifo'],
    ['discard(clock)', 'clock'],
    ['discard(random)', 'random'],
    ['discard(guard(lru))', 'guard(lru)'],
  ]) {
    hold(
      fc.property(instances({ length: 60, capacity: 5, extra: 4 }), seeds, (instance, seed) => {
        const [lifted, alone] = [start(name, instance, seed), start(plain, instance, seed)];
        for (const page of instance.sequence.pages) {
          assert.equal(lifted.request(page, 0), alone.request(page, 0), name);
          assert.deepEqual(lifted.pageIn, alone.pageIn, name);
        }
      }),
    );
  }
});
