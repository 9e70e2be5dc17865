/** What switch.ts and trust.ts state and prove, the rule and its bounds, against standalone runs of both sides. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import type { Policy } from '../../src/paging/policy.ts';
import { Switch } from '../../src/policies/augmented/switch.ts';
import { marginFor, Trust } from '../../src/policies/augmented/trust.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import type { IndexSet } from '../../src/support/index-set.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';

const SIDES = ['fifo', 'lru', 'random', 'flush', 'mark0', 'lazy-mark0', 'flush-when-all-0s', 'discard(lru)'];

const cases = fc.tuple(
  instances({ length: 150, capacity: 5, extra: 3 }),
  fc.constantFrom(...SIDES),
  fc.constantFrom(...SIDES),
  fc.nat({ max: 4 }),
  seeds,
);

function create(name: string, { sequence, capacity }: Instance, seed: number): Policy {
  const { pageCount } = sequence;
  return findPolicy(name).create({ capacity, pageCount, random: new SeededRandom(seed), sequence });
}

/** A policy seen through a window that counts the loads, which are the faults of the cache that it runs. */
class Counted implements Policy {
  faults = 0;
  readonly leaving?: NonNullable<Policy['leaving']>;
  private readonly policy: Policy;

  constructor(policy: Policy) {
    this.policy = policy;
    if (policy.leaving) this.leaving = policy.leaving.bind(policy);
  }

  hit(slot: number, page: number, prediction: number): void {
    this.policy.hit(slot, page, prediction);
  }

  load(slot: number, page: number, prediction: number): void {
    this.faults++;
    this.policy.load(slot, page, prediction);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    return this.policy.victim(page, prediction, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.policy.remove(slot, page);
  }

  audit(occupied: IndexSet): void {
    this.policy.audit?.(occupied);
  }
}

/** Faults of a policy alone after each request. */
function standalone(policy: Policy, { sequence, capacity, bits }: Instance): number[] {
  const cache = new Cache(capacity, sequence.pageCount, policy);
  return Array.from(sequence.pages, (page, i) => {
    cache.request(page, bits[i]);
    cache.audit();
    return cache.faults;
  });
}

/**
 * Whether sides change after each request, from nothing but the three counts of faults: the rule in the words of its docstring.
 *
 * @param real faults of the switch itself after each request
 */
function changesOfSide(
  first: readonly number[],
  second: readonly number[],
  real: readonly number[],
  margin: number,
): boolean[] {
  let followsFirst = true;
  let best = 0;
  let losses = 0;
  let differed = 0;
  let inVain = 0;
  let savedBefore = 0;
  return first.map((faults, i) => {
    const excess = followsFirst ? faults - second[i] : second[i] - faults;
    if (faults - second[i] !== (first[i - 1] ?? 0) - (second[i - 1] ?? 0)) differed++;
    best = Math.min(best, excess);
    const saved = second[i] - (real[i - 1] ?? 0);
    if (saved >= 0) losses = 0;
    const patience = Math.min(Math.floor(margin / 2 ** losses), 10 * Math.sqrt(differed));
    const lead = Math.min(5 * margin, Math.max((margin / 2) * 2 ** inVain, 2 * -saved));
    if (excess - best <= (followsFirst ? patience + Math.max(0, saved) / 200 : lead)) return false;
    if (followsFirst) {
      losses++;
      inVain = saved > savedBefore ? 0 : inVain + 1;
    } else savedBefore = saved;
    followsFirst = !followsFirst;
    best = -excess;
    differed = 0;
    return true;
  });
}

/** Simulated faults of whichever side is followed at each request; a change of side takes effect after its request. */
function followedFaults(
  first: readonly number[],
  second: readonly number[],
  changes: readonly boolean[],
): number {
  let [here, there] = [first, second];
  let sum = 0;
  changes.forEach((change, i) => {
    sum += here[i] - (here[i - 1] ?? 0);
    if (change) [here, there] = [there, here];
  });
  return sum;
}

t.test('both sides are simulated as if each were alone, and sides change exactly by the rule', async () => {
  hold(
    fc.property(cases, ([instance, firstName, secondName, margin, seed]) => {
      const { sequence, capacity } = instance;
      const first = new Counted(create(firstName, instance, seed));
      const second = new Counted(create(secondName, instance, seed + 1));
      const policy = new Switch(capacity, sequence.pageCount, first, second, new Trust(margin));
      const real = standalone(policy, instance);
      const firstAlone = standalone(create(firstName, instance, seed), instance);
      const secondAlone = standalone(create(secondName, instance, seed + 1), instance);
      assert.equal(first.faults, firstAlone.at(-1) ?? 0, `${firstName}, first`);
      assert.equal(second.faults, secondAlone.at(-1) ?? 0, `${secondName}, second`);
      const changes = changesOfSide(firstAlone, secondAlone, real, margin);
      assert.equal(policy.changes, changes.filter(Boolean).length);
    }),
  );
});

/** Spells of requests: how many, and whether the first policy, the second and the real cache hit. */
const spells = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 150 }), fc.boolean(), fc.boolean(), fc.boolean()),
  {
    maxLength: 60,
    size: 'max',
  },
);

t.test('the rule alone, on spells longer than a small cache makes', async () => {
  hold(
    fc.property(spells, fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 300 })), (drawn, margin) => {
      const counts: [number[], number[], number[]] = [[], [], []];
      const rule = new Trust(margin);
      const changes: boolean[] = [];
      let followsFirst = true;
      for (const [length, ...hits] of drawn) {
        for (let i = 0; i < length; i++) {
          counts.forEach((count, who) => {
            count.push((count.at(-1) ?? 0) + (hits[who] ? 0 : 1));
          });
          const [hit, otherHit] = followsFirst ? hits : [hits[1], hits[0]];
          changes.push(rule.changes(hit, otherHit, hits[2]));
          if (changes.at(-1)) followsFirst = !followsFirst;
        }
      }
      assert.deepEqual(changes, changesOfSide(...counts, margin));
    }),
  );
});

t.test('on every run faults stay within the stated bounds, for each of the sides', async () => {
  hold(
    fc.property(cases, ([instance, firstName, secondName, m, seed]) => {
      const { sequence, capacity: k } = instance;
      const sides = () => [create(firstName, instance, seed), create(secondName, instance, seed + 1)];
      const [firstAlone, secondAlone] = sides().map((side) => standalone(side, instance));
      const [first, second] = sides();
      const policy = new Switch(k, sequence.pageCount, first, second, new Trust(m));
      const real = standalone(policy, instance);
      const [F, S, faults] = [firstAlone, secondAlone, real].map((counts) => counts.at(-1) ?? 0);
      const n = policy.changes;
      const changes = changesOfSide(firstAlone, secondAlone, real, m);
      const followed = followedFaults(firstAlone, secondAlone, changes);
      const what = `${faults} faults, ${followed} of the side followed, F = ${F}, S = ${S}, n = ${n}`;
      assert(faults <= followed + k * n, what);
      assert(followed <= F + ((5 * m + 1) * (n + 1)) / 2, what);
      assert(faults <= (1 + (2 * k + 1) / (5 * m + 1)) * S + 4.5 * m + 2 * k + 2, what);
      // The steps of the proof: a debt is small up to some request, and from there on a loss costs half as much each time.
      const solvent = real.findLastIndex((_, i) => secondAlone[i] + 2.5 * m >= (real[i - 1] ?? 0));
      const [before, after] = [real[solvent] ?? 0, changes.slice(solvent + 1).filter(Boolean).length];
      assert(before <= (secondAlone[solvent] ?? 0) + 2.5 * m + 1, what);
      assert(faults <= S + 2.5 * m + 1 + 2 * m + after / 2 + 1 + k * (after + 1), what);
    }),
  );
});

t.test('no page leaves that the followed side holds, and none at a hit', async () => {
  hold(
    fc.property(cases, ([instance, firstName, secondName, margin, seed]) => {
      const { sequence, capacity, bits } = instance;
      const sides = () => [create(firstName, instance, seed), create(secondName, instance, seed + 1)];
      const [first, second] = sides();
      const policy = new Switch(capacity, sequence.pageCount, first, second, new Trust(margin));
      const real = new Cache(capacity, sequence.pageCount, policy);
      const alone = sides().map((side) => standalone(side, instance));
      const [one, other] = sides();
      const again = standalone(
        new Switch(capacity, sequence.pageCount, one, other, new Trust(margin)),
        instance,
      );
      const changes = changesOfSide(alone[0], alone[1], again, margin);
      let [followed, left] = sides().map((side) => new Cache(capacity, sequence.pageCount, side));
      sequence.pages.forEach((page, step) => {
        const before = real.slotOf.slice();
        const hit = real.request(page, bits[step]);
        for (const side of [followed, left]) side.request(page, bits[step]);
        if (changes[step]) [followed, left] = [left, followed];
        before.forEach((slot, candidate) => {
          if (slot < 0 || real.slotOf[candidate] >= 0) return;
          assert(!hit && followed.slotOf[candidate] < 0, `page ${candidate} left at step ${step}`);
        });
      });
    }),
  );
});

t.test('while no side changes, the faults are at most those of the followed side', async () => {
  hold(
    fc.property(cases, ([instance, firstName, secondName, , seed]) => {
      const { sequence, capacity, bits } = instance;
      const first = new Counted(create(firstName, instance, seed));
      const second = create(secondName, instance, seed + 1);
      const policy = new Switch(
        capacity,
        sequence.pageCount,
        first,
        second,
        new Trust(sequence.pages.length),
      );
      const faults = new Cache(capacity, sequence.pageCount, policy).serve(sequence, bits);
      assert.equal(policy.changes, 0);
      assert(faults <= first.faults);
    }),
  );
});

t.test('a lazy policy switched with itself is itself', async () => {
  hold(
    fc.property(instances({ length: 80, capacity: 5, extra: 3 }), (instance) => {
      const { sequence, capacity, bits } = instance;
      for (const name of ['lru', 'fifo', 'discard(lru)']) {
        const [first, second] = [create(name, instance, 1), create(name, instance, 1)];
        const policy = new Switch(capacity, sequence.pageCount, first, second, new Trust(0));
        const faults = new Cache(capacity, sequence.pageCount, policy).serve(sequence, bits);
        assert.equal(faults, standalone(create(name, instance, 1), instance).at(-1) ?? 0, name);
      }
    }),
  );
});

t.test('the margin in force is the one asked for, at most five roots of k', async (t) => {
  t.strictSame(
    [
      marginFor(500, 10_000),
      marginFor(500, 1000),
      marginFor(50, 1000),
      marginFor(2.5, 100),
      marginFor(500, 1),
    ],
    [500, 158, 50, 2, 5],
  );
  // In whole numbers: the largest root whose square is at most 25k.
  let root = 5;
  for (let k = 1; k <= 12_000; k++) {
    while ((root + 1) ** 2 <= 25 * k) root++;
    if (marginFor(500, k) !== Math.min(500, root)) t.fail(`k = ${k}`);
  }
});

t.test('with the wrong bits and many requests it ends near the better side', async (t) => {
  // Two pages that are always asked for, marked for discarding; the others come once and are to be kept.
  const pages = Uint32Array.from({ length: 6000 }, (_, i) => (i % 3 === 2 ? 2 + i : i % 3));
  const instance = {
    sequence: { pages, pageCount: 6002 },
    capacity: 4,
    bits: Uint8Array.from(pages, (page) => (page < 2 ? 1 : 0)),
  };
  const run = (name: string) => standalone(create(name, instance, 1), instance).at(-1) ?? 0;
  const [misled, lru, switched] = ['discard(lru)', 'lru', 'switch(discard(lru),lru)'].map(run);
  t.ok(misled > 1.5 * lru, `discard(lru) ${misled}, lru ${lru}`);
  t.ok(
    switched <= lru + marginFor(500, 4) + 1 + 4,
    `one change of side costs the default margin and k: ${switched}, lru ${lru}`,
  );
});
