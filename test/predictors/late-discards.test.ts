import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { keepValues } from '../../src/predictors/keep-value.ts';
import { settledBits } from '../../src/predictors/learned-discards.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { SeededRandom } from '../../src/support/random.ts';

const PAGES = 8;
const AGES = [0, 3, 10, 30];
const SPANS = AGES.length - 1;

const instances = fc.record({
  accesses: fc.array(fc.record({ page: fc.nat(PAGES - 1), gap: fc.nat(6) }), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  }),
  capacity: fc.integer({ min: 1, max: PAGES - 1 }),
  seed: fc.nat(1000),
});

interface Instance {
  readonly accesses: readonly { page: number; gap: number }[];
  readonly capacity: number;
  readonly seed: number;
}

function columns({ accesses, seed }: Instance) {
  const random = new SeededRandom(seed);
  // A random order of distinct values, so that there are no ties to break.
  const values = Float32Array.from({ length: accesses.length * SPANS }, (_, i) => i);
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
  let now = 0;
  return {
    sequence: { pages: Uint32Array.from(accesses, ({ page }) => page), pageCount: PAGES },
    time: Float64Array.from(accesses, ({ gap }) => (now += gap)),
    values: values.map((value) => value / values.length),
  };
}

/** The simulated cache as its description says, looking at every block at every eviction. */
function naiveDiscards(instance: Instance): Uint32Array {
  const { sequence, time, values } = columns(instance);
  const latest = new Map<number, number>();
  return sequence.pages.map((page, step) => {
    let left = NO_PAGE;
    if (!latest.has(page) && latest.size === instance.capacity) {
      const value = (access: number) => {
        const span = AGES.findLastIndex((age) => time[step] - time[access] >= age);
        return span < SPANS ? values[access * SPANS + span] : access - sequence.pages.length;
      };
      [[left]] = [...latest].sort(([, a], [, b]) => value(a) - value(b));
      latest.delete(left);
    }
    latest.set(page, step);
    return left;
  });
}

t.test('the block that leaves the simulated cache is the one of lowest value for its age', async (t) => {
  fc.assert(
    fc.property(instances, (instance) => {
      const { sequence, time, values } = columns(instance);
      const got = lateDiscards(sequence, time, values, AGES, instance.capacity);
      const expected = naiveDiscards(instance);
      return got.every((page, step) => page === expected[step]);
    }),
    { numRuns: 2000 },
  );
  t.pass('2,000 instances');
});

t.test('what turns at a step does not depend on later steps', async (t) => {
  fc.assert(
    fc.property(instances, fc.nat(59), (instance, cut) => {
      const { sequence, time, values } = columns(instance);
      const length = Math.min(cut, time.length);
      const all = lateDiscards(sequence, time, values, AGES, instance.capacity);
      const first = { pages: sequence.pages.subarray(0, length), pageCount: PAGES };
      const some = lateDiscards(first, time.subarray(0, length), values, AGES, instance.capacity);
      return some.every((page, step) => page === all[step]);
    }),
    { numRuns: 1000 },
  );
  t.pass('1,000 instances');
});

t.test('a lift, whatever it wraps, then holds what the simulated cache holds', async (t) => {
  for (const name of ['discard(lru)', 'discard(clock)', 'lazy-mark0', 'switch(discard(lru),discard(fifo))']) {
    const policy = findPolicy(name);
    fc.assert(
      fc.property(instances, (instance) => {
        const { sequence, time, values } = columns(instance);
        const { capacity, seed } = instance;
        const late = lateDiscards(sequence, time, values, AGES, capacity);
        const predictions = new Uint8Array(late.length);
        const random = new SeededRandom(seed);
        const cache = new Cache(
          capacity,
          PAGES,
          policy.create({ capacity, pageCount: PAGES, random, sequence }),
        );
        const held = new Set<number>();
        for (let step = 0; step < late.length; step++) {
          held.delete(late[step]);
          held.add(sequence.pages[step]);
          cache.serve(sequence, predictions, step, step + 1, late);
          for (const page of held) if (cache.slotOf[page] < 0) return false;
          if (cache.size !== held.size) return false;
        }
        cache.audit();
        return true;
      }),
      { numRuns: 300 },
    );
    t.pass(name);
  }
});

t.test('a bit that turns before the next request is as good as one that was 1 at once', async (t) => {
  const bits = fc.array(fc.record({ page: fc.nat(PAGES - 1), bit: fc.nat(1) }), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  });
  for (const name of [
    'discard(lru)',
    'flush-when-all-0s',
    'mark0',
    'lazy-mark0',
    'switch(discard(lru),lru)',
  ]) {
    const policy = findPolicy(name);
    fc.assert(
      fc.property(bits, fc.integer({ min: 1, max: 5 }), (requests, capacity) => {
        const sequence = { pages: Uint32Array.from(requests, ({ page }) => page), pageCount: PAGES };
        const given = Uint8Array.from(requests, ({ bit }) => bit);
        const late = Uint32Array.from(requests, (_, i) =>
          i > 0 && given[i - 1] ? sequence.pages[i - 1] : NO_PAGE,
        );
        const run = { sequence, policy, capacity, seed: 1 };
        const atOnce = simulate({ ...run, predictions: given });
        // The last bit can no longer matter.
        return simulate({ ...run, predictions: new Uint8Array(given.length), late }) === atOnce;
      }),
      { numRuns: 500 },
    );
    t.pass(name);
  }
});

t.test('settled bits are 1 where the bit turned before the next request', async (t) => {
  const sequence = { pages: Uint32Array.of(0, 1, 0, 2, 0), pageCount: 3 };
  const late = Uint32Array.of(NO_PAGE, 0, NO_PAGE, 1, NO_PAGE);
  t.strictSame(settledBits(sequence, late), Uint8Array.of(1, 1, 0, 0, 0));
});

t.test('the value of keeping is the best rate of hits over all waits', async (t) => {
  const [first, second] = keepValues(Float32Array.of(0, 1), [0, 60, 120]);
  t.ok(Math.abs(first - 1 / 90) < 1e-7 && Math.abs(second - 1 / 30) < 1e-7);
  // Waiting on for a chance that is poorer than the first one does not pay.
  const [rising] = keepValues(Float32Array.of(0.5, 0.001), [0, 10, 1000]);
  t.ok(Math.abs(rising - 0.5 / 7.5) < 1e-7);
  t.strictSame(keepValues(Float32Array.of(0, 0), [0, 1, 2]), Float32Array.of(0, 0));
});
