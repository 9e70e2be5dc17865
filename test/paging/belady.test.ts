import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Belady, nextRequests, optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { type RequestSequence, requestSequence } from '../../src/paging/request-sequence.ts';
import { IndexSet } from '../../src/support/index-set.ts';
import { bruteForceOptimum } from '../../src/verify/brute-force.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';
import { naiveBelady } from './naive-belady.ts';

/** The pages that leave, in order. */
function victims(sequence: RequestSequence, capacity: number): number[] {
  const policy = new Belady(capacity, sequence, nextRequests(sequence));
  const left: number[] = [];
  const remove = policy.remove.bind(policy);
  policy.remove = (slot, page) => {
    left.push(page);
    remove(slot, page);
  };
  const cache = new Cache(capacity, sequence.pageCount, policy);
  cache.serve(sequence);
  cache.audit();
  return left;
}

t.test(
  'belady is optimal: no choice of victims has fewer faults, on every small request sequence',
  async () => {
    for (const sequence of requestSequences(4, 7)) {
      for (let k = 1; k <= 3; k++) assert.equal(optimalFaults(sequence, k), bruteForceOptimum(sequence, k));
    }
  },
);

t.test('belady is optimal on random request sequences', async () => {
  hold(
    fc.property(instances({ length: 40, capacity: 4, extra: 4 }), ({ sequence, capacity }) => {
      assert.equal(optimalFaults(sequence, capacity), bruteForceOptimum(sequence, capacity));
    }),
  );
});

t.test(
  'the farthest next request leaves; of pages never requested again the least recently requested',
  async (t) => {
    t.strictSame(victims(requestSequence('abcab'), 2), [1, 2], 'b is farther than a; c never comes back');
    t.strictSame(victims(requestSequence('abacd'), 2), [1, 0], 'b was requested before a');
    hold(
      fc.property(instances({ length: 70, capacity: 5, extra: 5 }), ({ sequence, capacity }) => {
        assert.deepEqual(victims(sequence, capacity), naiveBelady(sequence, capacity).victims);
      }),
    );
  },
);

t.test(
  'longer request sequences too, whose steps fill more than one level of the set of upcoming steps',
  async () => {
    for (const length of [31, 32, 33, 1023, 1024, 1025]) {
      const sequence = requestSequence(Array.from({ length }, (_, i) => (i * i + (i >> 3)) % 17));
      assert.deepEqual(victims(sequence, 5), naiveBelady(sequence, 5).victims, `${length} requests`);
    }
  },
);

t.test('the next request is the first later request to the same page, or the length', async () => {
  hold(
    fc.property(instances({ length: 60, capacity: 4, extra: 4 }), ({ sequence }) => {
      const requests = [...sequence.pages];
      const naive = requests.map((page, i) => {
        const later = requests.indexOf(page, i + 1);
        return later === -1 ? requests.length : later;
      });
      assert.deepEqual([...nextRequests(sequence)], naive);
    }),
  );
});

t.test('faults are counted from a step on, with the cache warmed before it', async () => {
  hold(
    fc.property(
      instances({ length: 60, capacity: 4, extra: 4 }),
      fc.nat(),
      ({ sequence, capacity }, number) => {
        const from = number % (sequence.pages.length + 1);
        const before = { pages: sequence.pages.slice(0, from), pageCount: sequence.pageCount };
        const cache = new Cache(
          capacity,
          sequence.pageCount,
          new Belady(capacity, sequence, nextRequests(sequence)),
        );
        for (const page of before.pages) cache.request(page, 0);
        const warm = cache.faults;
        for (const page of sequence.pages.subarray(from)) cache.request(page, 0);
        assert.equal(optimalFaults(sequence, capacity, from), cache.faults - warm);
      },
    ),
  );
});

t.test(
  'a protected page stays, the farthest of the others leaves; later the page may leave again',
  async (t) => {
    const sequence = requestSequence('abcdba');
    const cache = new Cache(3, sequence.pageCount, new Belady(3, sequence, nextRequests(sequence)));
    for (const page of [0, 1, 2]) cache.request(page, 0);
    const protectedSlots = new IndexSet(3);
    for (const page of [0, 2]) protectedSlots.add(cache.slotOf[page]);
    cache.request(3, 0, protectedSlots);
    t.strictSame(
      [...cache.pageIn].sort(),
      [0, 2, 3],
      'c never comes back, a is farther than b, but b leaves',
    );
    t.strictSame(cache.evict(3), [2, 3, 0], 'the protection is over');
  },
);
