import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import type { Policy } from '../../src/paging/policy.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { IndexSet } from '../../src/support/index-set.ts';

/** A policy that names whatever it is told to, to see whether the cache believes it. */
function naming(victim: number, leaving?: number): Policy {
  const policy = { hit: () => {}, load: () => {}, remove: () => {}, victim: () => victim };
  return leaving === undefined ? policy : { ...policy, leaving: () => leaving };
}

function protect(capacity: number, ...slots: number[]): IndexSet {
  const set = new IndexSet(capacity);
  for (const slot of slots) set.add(slot);
  return set;
}

t.test('a victim that is no slot, or a free one, is a defect', async (t) => {
  for (const victim of [-1, 2, 0.5, Number.NaN, undefined as unknown as number]) {
    const cache = new Cache(2, 3, naming(victim));
    cache.request(0, 0);
    cache.request(1, 0);
    t.throws(
      () => cache.request(2, 0),
      { message: /named slot .* as its victim, which holds no page/ },
      `${victim}`,
    );
  }
  const cache = new Cache(2, 3, naming(1));
  cache.request(0, 0);
  t.throws(() => cache.evict(1), { message: /named slot 1 as its victim, which holds no page/ }, 'free');
});

t.test('a protected victim is a defect', async (t) => {
  const cache = new Cache(2, 3, naming(1));
  cache.request(0, 0);
  cache.request(1, 0);
  t.throws(() => cache.request(2, 0, protect(2, 1)), {
    message: /named slot 1 as its victim, which is protected/,
  });
  t.throws(() => cache.evict(1, protect(2, 1)), { message: /which is protected/ });
});

t.test('emptying a slot early that holds no page is a defect', async (t) => {
  const cache = new Cache(2, 3, naming(0, 1));
  t.throws(() => cache.request(0, 0), { message: /named slot 1 as its victim, which holds no page/ });
});

t.test('a request with every slot full and protected throws', async (t) => {
  const cache = new Cache(2, 3, new Lru(2));
  cache.request(0, 0);
  t.doesNotThrow(() => cache.request(1, 0, protect(2, 0, 1)), 'a slot is still free');
  t.throws(() => cache.request(2, 0, protect(2, 0, 1)));
});

t.test('evict(n) names n victims in order, or none at all', async (t) => {
  const cache = new Cache(3, 4, new Lru(3));
  for (const page of [2, 0, 1, 2]) cache.request(page, 0);
  t.equal(cache.evict(3, protect(3, cache.slotOf[1])), null);
  t.equal(cache.size, 3);
  t.strictSame(cache.evict(2, protect(3, cache.slotOf[0])), [1, 2]);
  t.strictSame(cache.evict(0), []);
  t.equal(cache.evict(2), null, 'only one page is left');
  t.strictSame(cache.evict(1), [0]);
  t.equal(cache.faults, 3, 'evictions are no faults');
});

t.test('only a resident page can be removed', async (t) => {
  const cache = new Cache(2, 3, new Lru(2));
  cache.request(1, 0);
  cache.remove(1);
  t.equal(cache.size, 0);
  t.throws(() => cache.remove(1), { message: /page 1 is not resident/ });
  t.equal(cache.request(1, 0), false, 'it must be loaded again');
});

t.test('a capacity is a positive integer', async (t) => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) {
    t.throws(
      () => new Cache(capacity, 3, new Lru(1)),
      { message: /is not a positive integer/ },
      `${capacity}`,
    );
  }
});

t.test('serve counts the faults of a part, and the cache those since its start', async (t) => {
  const cache = new Cache(2, 3, new Lru(2));
  const sequence = requestSequence('abcabc');
  t.equal(cache.serve(sequence, undefined, 0, 2), 2);
  t.equal(cache.serve(sequence, undefined, 2), 4);
  t.equal(cache.faults, 6);
  t.equal(cache.serve({ pages: new Uint32Array(0), pageCount: 3 }), 0, 'an empty sequence');
});

t.test('the audit finds pages and slots that disagree', async (t) => {
  const cache = new Cache(2, 3, new Lru(2));
  cache.request(0, 0);
  cache.audit();
  cache.slotOf[1] = 0;
  t.throws(() => cache.audit(), { message: /page 1 and slot 0 disagree/ });
  const lost = new Cache(2, 3, new Lru(2));
  lost.request(0, 0);
  lost.policy.remove(0, 0);
  t.throws(() => lost.audit(), { message: /lru has lost track of a slot/ });
});
