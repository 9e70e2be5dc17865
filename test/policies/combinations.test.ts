/** AdaptiveQuery between Marker and PredictiveMarker; the combinations of BlindOracle; Equitable's distribution. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { BoundedRule } from '../../src/policies/augmented/bounded-switch.ts';
import { FollowThePrediction } from '../../src/policies/augmented/follow-the-prediction.ts';
import { Switch } from '../../src/policies/augmented/switch.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { perfectArrivals } from '../../src/predictors/next-arrival.ts';
import { type Random, SeededRandom } from '../../src/support/random.ts';
import { expectation } from '../../src/verify/coin-tree.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';

const arrivalsOf = ({ sequence }: Instance, seed: number) => {
  const random = new SeededRandom(seed);
  return Float64Array.from(sequence.pages, () => random.below(30));
};

t.test('adaptive-query that asks about one page is marker, about k pages predictive-marker', async () => {
  hold(
    fc.property(instances({ length: 12, capacity: 4, extra: 2 }), seeds, (instance, seed) => {
      const { sequence, capacity } = instance;
      const arrivals = arrivalsOf(instance, seed);
      const faults = (name: string) => expectedFaults(findPolicy(name), capacity, sequence, arrivals);
      assert(Math.abs(faults('adaptive-query(queries=1)') - faults('marker')) < 1e-9);
      assert(Math.abs(faults(`adaptive-query(queries=${capacity})`) - faults('predictive-marker')) < 1e-9);
    }),
    300,
  );
});

t.test(
  'adaptive-query asks about a uniform sample: each page leaves with the chance it should',
  async (t) => {
    // k = 4, pages 0 … 3 unmarked, page 4 clean. Of two pages asked about, the later one leaves: page 3 in 3 of 6 pairs, page 2
    // in 2, page 1 in 1.
    const sequence = { pages: Uint32Array.of(0, 1, 2, 3, 4), pageCount: 5 };
    const arrivals = Float64Array.of(10, 11, 12, 13, 14);
    const policy = findPolicy('adaptive-query(queries=2)');
    const gone = (page: number) =>
      expectation((random) => {
        const cache = new Cache(4, 5, policy.create({ capacity: 4, pageCount: 5, random, sequence }));
        cache.serve(sequence, arrivals);
        return cache.slotOf[page] < 0 ? 1 : 0;
      });
    [0, 1 / 6, 2 / 6, 3 / 6].forEach((chance, page) => {
      t.ok(Math.abs(gone(page) - chance) < 1e-12, `page ${page}`);
    });
  },
);

t.test('bounded-switch has at most the faults that its head says', async () => {
  hold(
    fc.property(
      instances({ length: 200, capacity: 6, extra: 5 }),
      seeds,
      fc.constantFrom(1.01, 1.5, 2, 5),
      (instance, seed, factor) => {
        const { sequence, capacity } = instance;
        const { pageCount } = sequence;
        const arrivals = arrivalsOf(instance, seed);
        const alone = [new FollowThePrediction(capacity), new Lru(capacity)].map((policy) =>
          new Cache(capacity, pageCount, policy).serve(sequence, arrivals),
        );
        const both = [new FollowThePrediction(capacity), new Lru(capacity)] as const;
        const policy = new Switch(capacity, pageCount, ...both, new BoundedRule(factor));
        const faults = new Cache(capacity, pageCount, policy).serve(sequence, arrivals);
        const most = (1 + factor) * (Math.min(...alone) + 1) + capacity * policy.changes;
        assert(faults <= most, `${faults} faults, bound ${most}`);
      },
    ),
  );
});

t.test('the combinations of blind-oracle have its faults, or few more, on true arrivals', async (t) => {
  const random = new SeededRandom(8);
  const pages = Uint32Array.from({ length: 20_000 }, () => Math.min(random.below(40), random.below(40)));
  const sequence = { pages, pageCount: 40 };
  const truth = perfectArrivals(sequence);
  const worst = truth.map((arrival) => -arrival);
  const faults = (name: string, arrivals: Float64Array) => {
    const run = { capacity: 10, pageCount: 40, random: new SeededRandom(3), sequence };
    return new Cache(10, 40, findPolicy(name).create(run)).serve(sequence, arrivals);
  };
  for (const [name, rival] of [
    ['blind-oracle-lru', 'lru'],
    ['blind-oracle-marker', 'marker'],
    ['blind-oracle-equitable', 'equitable'],
  ]) {
    const [good, bad] = [faults(name, truth), faults(name, worst)];
    t.ok(good < 1.05 * faults('blind-oracle', truth), `${name}, true arrivals: ${good}`);
    t.ok(bad < 1.05 * faults(rival, worst), `${name}, worst arrivals: ${bad}`);
  }
});

t.test('a bound that does not grow, weights that do not fall and no queries are refused', async (t) => {
  for (const [name, message] of [
    ['bounded-switch(lru,fifo,factor=1)', /factor=1 does not raise the bound/],
    ['weighted-switch(lru,fifo,epsilon=0)', /epsilon=0 is not above 0 and at most 1/],
    ['weighted-switch(lru,fifo,epsilon=1.5)', /epsilon=1.5/],
    ['adaptive-query(queries=0)', /queries=0 asks about no page/],
  ] as const) {
    const sequence = { pages: new Uint32Array(1), pageCount: 1 };
    const run = { capacity: 1, pageCount: 1, random: new SeededRandom(1), sequence };
    t.throws(() => findPolicy(name).create(run), { name: 'Failure', message });
  }
  t.throws(
    () => findPolicy('bounded-switch(lazy-mark0,trust-and-doubt)'),
    /bounded-switch.*cannot be given together/,
  );
});

/** The layers L_1 … L_k of the work function, from an empty cache; L_i is `layers[i − 1]`. */
function layersAfter(pages: Uint32Array, k: number): number[][] {
  let layers: number[][] = [];
  for (const page of pages) {
    const found = layers.findIndex((layer) => layer.includes(page));
    const at = found < 0 && layers.length === k ? k - 1 : found;
    if (at >= 0) {
      const left = layers[at].filter((other) => other !== page);
      layers = layers.flatMap((layer, i) => (i === at ? [] : i === at - 1 ? [[...layer, ...left]] : [layer]));
    }
    layers.push([page]);
  }
  return layers;
}

/**
 * The distribution of Equitable: pages are drawn one after another, each uniform among those with which the drawn ones can
 * still be in an optimal cache, that is with at most j of them in L_1 ∪ … ∪ L_j for each j. Caches as masks.
 */
function equitableDistribution(layers: readonly number[][]): Map<number, number> {
  const fits = (mask: number) => {
    let drawn = 0;
    return layers.every((layer, i) => {
      drawn += layer.filter((page) => (mask >> page) & 1).length;
      return drawn <= i + 1;
    });
  };
  let chances = new Map([[0, 1]]);
  for (let drawn = 0; drawn < layers.length; drawn++) {
    const next = new Map<number, number>();
    for (const [mask, chance] of chances) {
      const larger = layers.flat().map((page) => mask | (1 << page));
      const fitting = larger.filter((one) => one !== mask && fits(one));
      for (const one of fitting) next.set(one, (next.get(one) ?? 0) + chance / fitting.length);
    }
    chances = next;
  }
  return chances;
}

t.test(
  'equitable holds each cache as often as Equitable does, after every small request sequence',
  async () => {
    const check = (sequence: RequestSequence, capacity: number) => {
      const run = (random: Random) => {
        const { pageCount } = sequence;
        const policy = findPolicy('equitable').create({ capacity, pageCount, random, sequence });
        const cache = new Cache(capacity, pageCount, policy);
        cache.serve(sequence);
        return cache.slotOf.reduce((mask, slot, page) => (slot < 0 ? mask : mask | (1 << page)), 0);
      };
      for (const [mask, wanted] of equitableDistribution(layersAfter(sequence.pages, capacity))) {
        const chance = expectation((random) => (run(random) === mask ? 1 : 0));
        const facts = `k = ${capacity}, ${sequence.pages.join(' ')}: ${chance}, ${wanted}`;
        assert(Math.abs(chance - wanted) < 1e-9, facts);
      }
    };
    for (const sequence of requestSequences(5, 7)) for (let k = 1; k <= 3; k++) check(sequence, k);
  },
);
