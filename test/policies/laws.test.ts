import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { POLICY_NAMES } from '../../src/policies/find-policy.ts';
import { IndexSet } from '../../src/support/index-set.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, seeds } from '../arbitraries.ts';
import { EVERY_POLICY, isLazy } from './roster.ts';

const PAGES = 8;

/** One thing that happens to a cache. Sets are masks: bit i stands for page i or slot i. */
interface Operation {
  readonly kind: 'request' | 'evict' | 'remove';
  readonly page: number;
  readonly bit: number;
  readonly protectedSlots: number;
}

// One number an operation, because arrays of numbers are made and shrunk fastest; small numbers are plain requests.
const operations = fc.array(fc.nat({ max: 2 ** 14 - 1 }), { size: 'max', maxLength: 50 }).map((numbers) =>
  numbers.map((number): Operation => {
    const choice = number >>> 10;
    return {
      kind: choice === 15 ? 'evict' : choice === 14 ? 'remove' : 'request',
      page: number & 7,
      bit: (number >>> 3) & 1,
      protectedSlots: choice >= 8 ? (number >>> 4) & 63 : 0,
    };
  }),
);

function count(mask: number): number {
  let ones = 0;
  for (let left = mask; left !== 0; left &= left - 1) ones++;
  return ones;
}

/** A cache under observation: what is resident is read from the outside, before and after each operation. */
class Observation {
  readonly cache: Cache;
  readonly lazy: boolean;
  /** Whether the owner has ever evicted: then a flush goes on at some later request, and a hit may see it. */
  private disturbed = false;

  constructor(cache: Cache) {
    this.cache = cache;
    this.lazy = cache.policy.leaving === undefined;
  }

  resident(slots = -1): number {
    let mask = 0;
    for (let slot = 0; slot < this.cache.capacity; slot++) {
      const page = this.cache.pageIn[slot];
      if (page !== NO_PAGE && (slots >>> slot) & 1) mask |= 1 << page;
    }
    return mask;
  }

  apply(operation: Operation): void {
    const { capacity } = this.cache;
    // At least one slot is left unprotected, as the contract of `request` asks.
    const everySlot = (1 << capacity) - 1;
    const slots =
      (operation.protectedSlots & everySlot) === everySlot ? everySlot - 1 : operation.protectedSlots;
    const protectedSlots = new IndexSet(capacity);
    for (let slot = 0; slot < capacity; slot++) if ((slots >>> slot) & 1) protectedSlots.add(slot);
    const staying = this.resident(slots);
    this[operation.kind](operation, protectedSlots, staying);
    const after = this.resident();
    if (operation.kind !== 'remove') assert.equal(after & staying, staying, 'a protected page left');
    assert(count(after) <= capacity, 'the capacity is exceeded');
    assert.equal(this.cache.size, count(after));
    this.cache.audit();
  }

  private request({ page, bit }: Operation, protectedSlots: IndexSet): void {
    const before = this.resident();
    const faults = this.cache.faults;
    const hit = this.cache.request(page, bit, protectedSlots);
    const after = this.resident();
    const requested = 1 << page;
    assert.equal(hit, (before & requested) !== 0, 'a hit is a request to a resident page');
    assert.equal(this.cache.faults - faults, hit ? 0 : 1, 'every other request is one fault');
    assert.equal(after & ~(before | requested), 0, 'only the requested page is loaded');
    const left = count((before | requested) & ~after);
    if (this.lazy || !this.disturbed) {
      if (hit) assert(left === 0 || (left === 1 && !this.lazy && bit === 1), 'a hit evicted');
      else if (count(before) < this.cache.capacity)
        assert(left <= (this.lazy ? 0 : bit), 'a free slot was not used');
    }
    if (this.lazy) {
      assert(left <= 1, 'more than one page left for one fault');
      assert.equal(after & requested, requested, 'there is no bypass');
    }
  }

  /** Evicts `operation.page` pages, at random more than there are. */
  private evict({ page: wanted }: Operation, protectedSlots: IndexSet, staying: number): void {
    const before = this.resident();
    const evicted = this.cache.evict(wanted, protectedSlots);
    const after = this.resident();
    if (evicted === null) {
      assert(count(before & ~staying) < wanted, 'there were enough unprotected pages');
      assert.equal(after, before, 'nothing may change where the answer is null');
    } else {
      assert.equal(evicted.length, wanted);
      assert.equal(count(before) - count(after), wanted);
      for (const page of evicted) assert((before & ~after & (1 << page)) !== 0, `page ${page} did not leave`);
      this.disturbed = true;
    }
  }

  private remove({ page }: Operation): void {
    const before = this.resident();
    if ((before & (1 << page)) === 0) return;
    this.cache.remove(page);
    assert.equal(this.resident(), before & ~(1 << page), 'exactly the removed page leaves');
  }
}

function observe(policy: CatalogPolicy, capacity: number, steps: readonly Operation[], seed: number): void {
  const requests = steps.filter(({ kind }) => kind === 'request').map(({ page }) => page);
  const sequence = { pages: Uint32Array.from(requests), pageCount: PAGES };
  const run = { capacity, pageCount: PAGES, random: new SeededRandom(seed), sequence };
  const observation = new Observation(new Cache(capacity, PAGES, policy.create(run)));
  for (const step of steps) observation.apply(step);
}

const LAWS = 'never exceeds the capacity, evicts only at a need, evicts only resident and unprotected pages';

for (const policy of EVERY_POLICY) {
  t.test(`${policy.name} ${LAWS}`, async () => {
    const capacities = fc.integer({ min: 1, max: 5 });
    hold(fc.property(capacities, operations, seeds, (k, steps, seed) => observe(policy, k, steps, seed)));
  });
}

t.test('every name of the catalog is held to the laws', async (t) => {
  const tried = EVERY_POLICY.map(({ name }) => name.split('(')[0]);
  for (const name of POLICY_NAMES) t.ok(tried.includes(name), name);
});

t.test(
  'the combinators are lazy whatever they wrap; among the others only flushes and mark0 are not',
  async (t) => {
    const eager = EVERY_POLICY.filter((policy) => !isLazy(policy)).map(({ name }) => name);
    t.strictSame(eager, ['flush', 'flush-when-all-0s', 'mark0']);
  },
);
