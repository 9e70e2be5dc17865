/**
 * What the proofs of docs/certificates.md say on the way, on long sequences: the hypothesis of the lift (section 4), that is what policies pay
 * on sequences with departures, and what a phase costs mark-and-predict (section 6).
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { harmonic } from '../../src/paging/guarantee.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { toNumber } from '../../src/support/rational.ts';
import { findModel } from '../../src/verify/certificate/find-model.ts';
import { hold, type Instance, instances } from '../arbitraries.ts';

const ROUNDING = 1e-9;

/** Long sequences in which a quarter of the requests are followed by the departure of their page: `bits` says which. */
const sequences = instances({ length: 200, capacity: 4, extra: 3 }).map(
  (instance): Instance => ({
    ...instance,
    bits: instance.bits.map((bit, step) => bit & (instance.bits[step + 1] ?? 0)),
  }),
);

/** Least faults of any schedule, by trying every victim; contents of the cache are bit masks. */
function optimumWithDepartures({ sequence, capacity, bits }: Instance): number {
  let costs = new Map([[0, 0]]);
  sequence.pages.forEach((page, step) => {
    const bit = 1 << page;
    const after = new Map<number, number>();
    const reach = (content: number, cost: number) => {
      const left = bits[step] === 1 ? content & ~bit : content;
      if (cost < (after.get(left) ?? Infinity)) after.set(left, cost);
    };
    for (const [content, cost] of costs) {
      if ((content & bit) !== 0) reach(content, cost);
      else if (content.toString(2).replaceAll('0', '').length < capacity) reach(content | bit, cost + 1);
      else
        for (let other = 1; other <= content; other <<= 1)
          if ((content & other) !== 0) reach((content & ~other) | bit, cost + 1);
    }
    costs = after;
  });
  return Math.min(...costs.values());
}

const departuresOf = ({ bits }: Instance) => bits.reduce((sum, bit) => sum + bit, 0);

for (const name of ['lru', 'fifo', 'flush']) {
  t.test(`${name} with departures: at most D + k·(OPT − D) faults, and k·(k + 1) more`, async () => {
    hold(
      fc.property(sequences, (instance) => {
        const { sequence, capacity: k, bits } = instance;
        const { pageCount } = sequence;
        const run = { capacity: k, pageCount, random: new SeededRandom(1), sequence };
        const cache = new Cache(k, pageCount, findPolicy(name).create(run));
        sequence.pages.forEach((page, step) => {
          cache.request(page, 0);
          if (bits[step] === 1) cache.remove(page);
        });
        const departures = departuresOf(instance);
        const most = departures + k * (optimumWithDepartures(instance) - departures + k + 1);
        assert(cache.faults <= most, `${cache.faults} faults, at most ${most}`);
      }),
    );
  });
}

/** Expected faults of each request, of a model in which a page with bit 1 is gone. */
function expectedFaults(name: string, { sequence, capacity, bits }: Instance): number[] {
  const model = findModel(name, capacity);
  let state = model.start(sequence.pageCount);
  return Array.from(sequence.pages, (page, step) => {
    const served = model.serve(state, page, bits[step]);
    state = served.state;
    return toNumber(served.faults);
  });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

t.test('online-min with departures: at most D + H_k·(OPT − D) expected faults, and k·H_k more', async () => {
  hold(
    fc.property(sequences, (instance) => {
      const k = instance.capacity;
      const departures = departuresOf(instance);
      const ratio = harmonic(k);
      const most = departures + ratio * (optimumWithDepartures(instance) - departures + k);
      const expected = sum(expectedFaults('discard(online-min)', instance));
      assert(expected <= most + ROUNDING, `${expected} expected faults, at most ${most}`);
    }),
    300,
  );
});

/** A phase of marker: departures, the most clean pages beyond them at any time, its first step and the one after it. */
interface Phase {
  departures: number;
  surplus: number;
  readonly from: number;
  to: number;
}

/** The phases of a sequence with departures: each but the last ends when k pages are marked and another is requested. */
function markerPhases({ sequence, capacity, bits }: Instance): Phase[] {
  const phases: Phase[] = [];
  let marked = new Set<number>();
  let stale = new Set<number>();
  let clean = 0;
  sequence.pages.forEach((page, step) => {
    if (step === 0 || (marked.size === capacity && !marked.has(page))) {
      [stale, marked, clean] = [marked, new Set(), 0];
      phases.push({ departures: 0, surplus: 0, from: step, to: step });
    }
    const phase = phases[phases.length - 1];
    if (!marked.has(page) && !stale.delete(page)) clean++;
    phase.surplus = Math.max(phase.surplus, clean - phase.departures);
    marked.add(page);
    if (bits[step] === 1) {
      marked.delete(page);
      phase.departures++;
    }
    phase.to = step + 1;
  });
  return phases;
}

t.test(
  'marker with departures: what a complete phase costs, and what that leaves of the optimum',
  async () => {
    hold(
      fc.property(sequences, (instance) => {
        const k = instance.capacity;
        const phases = markerPhases(instance).slice(0, -1);
        const faults = expectedFaults('mark0', instance);
        phases.slice(1).forEach(({ departures, surplus, from, to }, i) => {
          const most = departures + surplus * (harmonic(k) - harmonic(surplus) + 1);
          const expected = sum(faults.slice(from, to));
          assert(expected <= most + ROUNDING, `phase ${i + 1}: ${expected} expected faults, at most ${most}`);
        });
        const live = optimumWithDepartures(instance) - departuresOf(instance);
        const least = sum(phases.slice(1).map(({ surplus }) => Math.max(1, surplus / 2))) - 2.5 * k;
        assert(live >= least, `the optimum evicts ${live} live pages, at least ${least}`);
      }),
      500,
    );
  },
);

/** The most that a phase with c clean pages costs, where a of the k old pages have bit 1 and b have bit 0. */
function mostOfPhase(a: number, b: number, c: number): number {
  const left = Math.max(0, c - b);
  const first = Array.from({ length: a - left }, (_, i) => Math.min(1, c / (left + i + 1)));
  return c + sum(first) + (c - left) * (harmonic(b) - harmonic(c - left));
}

t.test('mark-and-predict: what a complete phase costs, and that this is its robustness', async () => {
  hold(
    fc.property(instances({ length: 120, capacity: 4, extra: 3 }), (instance) => {
      const { sequence, capacity: k, bits } = instance;
      const phases = markerPhases({ ...instance, bits: new Uint8Array(bits.length) }).slice(0, -1);
      const faults = expectedFaults('mark-and-predict', instance);
      const newest = new Map<number, number>();
      phases.forEach(({ surplus, from, to }, i) => {
        const ones = sum([...newest.values()]);
        const expected = sum(faults.slice(from, to));
        const most = mostOfPhase(ones, k - ones, surplus);
        if (i > 0) assert(expected <= most + ROUNDING, `phase ${i}: ${expected} faults, at most ${most}`);
        newest.clear();
        for (let step = from; step < to; step++) newest.set(sequence.pages[step], bits[step]);
      });
    }),
  );
  for (let k = 2; k <= 60; k++) {
    const robustness = findPolicy('mark-and-predict').robustness?.(k) ?? assert.fail();
    for (let a = 0; a <= k; a++)
      for (let c = 1; c <= k; c++)
        assert(
          mostOfPhase(a, k - a, c) <= robustness * Math.max(1, c / 2) + ROUNDING,
          `k ${k}, a ${a}, c ${c}`,
        );
  }
});
