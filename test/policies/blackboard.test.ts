/** The deterministic policies against versions of them that one would write on a blackboard, with plain arrays. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, type Instance, instances } from '../arbitraries.ts';

/** A resident page, as the blackboard sees it. */
interface Resident {
  readonly page: number;
  /** Newest bit. */
  readonly bit: number;
  /** Step of its load and of its latest request. */
  readonly loaded: number;
  readonly requested: number;
}

/** What leaves the full cache at a fault. */
type Rule = (residents: readonly Resident[]) => readonly Resident[];

const oldest = (residents: readonly Resident[], key: 'loaded' | 'requested') =>
  [...residents].sort((a, b) => a[key] - b[key]).slice(0, 1);

/** The rule, if there is a page with bit 1, takes the least recently used of them. */
const discardFirst =
  (otherwise: Rule): Rule =>
  (residents) => {
    const discarded = residents.filter(({ bit }) => bit === 1);
    return discarded.length > 0 ? oldest(discarded, 'requested') : otherwise(residents);
  };

const RULES: Readonly<Record<string, Rule>> = {
  fifo: (residents) => oldest(residents, 'loaded'),
  lru: (residents) => oldest(residents, 'requested'),
  flush: (residents) => residents,
  'flush-when-all-0s': discardFirst((residents) => residents),
  'discard(lru)': discardFirst((residents) => oldest(residents, 'requested')),
};

/** The pages in the cache after each request. */
function blackboard(rule: Rule, { sequence, capacity, bits }: Instance): number[][] {
  let residents: Resident[] = [];
  return Array.from(sequence.pages, (page, step) => {
    const present = residents.find((resident) => resident.page === page);
    if (present === undefined && residents.length === capacity) {
      const leaving = rule(residents);
      residents = residents.filter((resident) => !leaving.includes(resident));
    }
    residents = residents.filter((resident) => resident !== present);
    residents.push({ page, bit: bits[step], loaded: present?.loaded ?? step, requested: step });
    return residents.map((resident) => resident.page).sort((a, b) => a - b);
  });
}

function contents(name: string, { sequence, capacity, bits }: Instance): number[][] {
  const { pages, pageCount } = sequence;
  const random = new SeededRandom(1);
  const cache = new Cache(
    capacity,
    pageCount,
    findPolicy(name).create({ capacity, pageCount, random, sequence }),
  );
  return Array.from(pages, (page, step) => {
    cache.request(page, bits[step]);
    return Array.from({ length: pageCount }, (_, other) => other).filter((other) => cache.slotOf[other] >= 0);
  });
}

for (const [name, rule] of Object.entries(RULES)) {
  t.test(`${name} holds after every request what it holds on a blackboard`, async () => {
    hold(
      fc.property(instances({ length: 50, capacity: 5, extra: 4 }), (instance) => {
        assert.deepEqual(contents(name, instance), blackboard(rule, instance));
      }),
    );
  });
}

t.test('clock spares a page once for its requests since the hand last passed', async () => {
  hold(
    fc.property(instances({ length: 50, capacity: 5, extra: 4 }), (instance) => {
      // A queue whose head is where the hand points.
      let queue: { page: number; referenced: boolean }[] = [];
      const expected = Array.from(instance.sequence.pages, (page) => {
        const present = queue.find((resident) => resident.page === page);
        if (present) present.referenced = true;
        else {
          while (queue.length === instance.capacity && queue[0].referenced) {
            queue = [...queue.slice(1), { page: queue[0].page, referenced: false }];
          }
          if (queue.length === instance.capacity) queue = queue.slice(1);
          queue.push({ page, referenced: false });
        }
        return queue.map((resident) => resident.page).sort((a, b) => a - b);
      });
      assert.deepEqual(contents('clock', instance), expected);
    }),
  );
});
