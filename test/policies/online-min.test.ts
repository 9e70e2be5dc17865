/** OnlineMin against its definition, and its bounds on long sequences: its coin trees do not grow with the length. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { harmonic } from '../../src/paging/guarantee.ts';
import { discardLabels, extendedDiscardLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { type Random, SeededRandom } from '../../src/support/random.ts';
import { expectation } from '../../src/verify/coin-tree.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';

const onlineMin = findPolicy('online-min');

/** C for some layers under an order, given as ranks of pages, by the definition. */
function selection(layers: readonly (readonly number[])[], ranks: readonly number[]): number[] {
  let selected: number[] = [];
  layers.forEach((layer, i) => {
    selected = [...selected, ...layer].sort((a, b) => ranks[b] - ranks[a]).slice(0, i + 1);
  });
  return selected;
}

/** The layers after a request, by the definition. */
function requested(layers: readonly (readonly number[])[], page: number, capacity: number): number[][] {
  const at = layers.findIndex((layer) => layer.includes(page));
  const left = layers.map((layer) => layer.filter((other) => other !== page));
  const merging = at >= 0 ? at : left.length === capacity ? left.length - 1 : -1;
  if (merging >= 0) {
    const merged = left.splice(merging, 1)[0];
    if (merging > 0) left[merging - 1].push(...merged);
  }
  return [...left, [page]];
}

function* permutations(n: number): Generator<number[]> {
  if (n === 0) yield [];
  else
    for (const shorter of permutations(n - 1))
      for (let at = 0; at < n; at++) yield shorter.toSpliced(at, 0, n - 1);
}

/** Mean over all orders of the number of requests to pages outside C. */
function definedFaults({ pages, pageCount }: RequestSequence, capacity: number): number {
  let faults = 0;
  let orders = 0;
  for (const ranks of permutations(pageCount)) {
    orders++;
    let layers: number[][] = [];
    for (const page of pages) {
      if (!selection(layers, ranks).includes(page)) faults++;
      layers = requested(layers, page, capacity);
    }
  }
  return faults / orders;
}

t.test('its expected faults are those of the definition', async () => {
  const agree = (sequence: RequestSequence, capacity: number) => {
    const [found, defined] = [
      expectedFaults(onlineMin, capacity, sequence),
      definedFaults(sequence, capacity),
    ];
    assert(
      Math.abs(found - defined) < 1e-9,
      `k = ${capacity}, ${sequence.pages.join(' ')}: ${found}, ${defined}`,
    );
  };
  for (const sequence of requestSequences(5, 7)) for (let k = 1; k <= 4; k++) agree(sequence, k);
  hold(
    fc.property(instances({ length: 30, capacity: 3, extra: 2 }), ({ sequence, capacity }) =>
      agree(sequence, capacity),
    ),
    200,
  );
});

t.test('it is H_k-competitive on long sequences, and attains the ratio on uniform requests', async (t) => {
  hold(
    fc.property(instances({ length: 60, capacity: 4, extra: 2 }), ({ sequence, capacity }) => {
      const expected = expectedFaults(onlineMin, capacity, sequence);
      assert(expected <= harmonic(capacity) * optimalFaults(sequence, capacity) + 1e-9);
    }),
    200,
  );
  // Over k + 1 pages every policy faults on one request in k + 1, and the optimum on one in (k + 1)·H_k.
  const random = new SeededRandom(5);
  const [k, length] = [3, 4000];
  const sequence = { pages: Uint32Array.from({ length }, () => random.below(k + 1)), pageCount: k + 1 };
  const ratio = expectedFaults(onlineMin, k, sequence) / optimalFaults(sequence, k);
  t.ok(Math.abs(ratio - harmonic(k)) < 0.1, `${ratio}`);
});

t.test('the lift is (1, H_k − 1, 1)-competitive on long sequences', async (t) => {
  const lifted = findPolicy('discard(online-min)');
  const { alpha, beta, gamma } = lifted.guarantee ?? assert.fail();
  for (const k of [1, 2, 5]) t.strictSame([alpha(k), beta(k), gamma(k)], [1, harmonic(k) - 1, 1]);
  hold(
    fc.property(instances({ length: 40, capacity: 4, extra: 2 }), ({ sequence, capacity, bits }) => {
      for (const labels of [discardLabels, extendedDiscardLabels]) {
        const truth = labels(sequence, capacity);
        const nearlyTrue = truth.map((label, i) => (bits[i] === 1 && i % 3 === 0 ? 1 - label : label));
        for (const given of [bits, nearlyTrue]) {
          const { eta0, eta1 } = predictionError(given, truth);
          const most = optimalFaults(sequence, capacity) + beta(capacity) * eta0 + eta1;
          assert(expectedFaults(lifted, capacity, sequence, given) <= most + 1e-9);
        }
      }
    }),
    100,
  );
});

t.test('with departures, C is still what the order selects, and the surplus only saves faults', async () => {
  hold(
    fc.property(instances({ length: 14, capacity: 3, extra: 2 }), ({ sequence, capacity, bits }) => {
      const { pages, pageCount } = sequence;
      const run = (random: Random) => {
        const cache = new Cache(
          capacity,
          pageCount,
          onlineMin.create({ capacity, pageCount, random, sequence }),
        );
        pages.forEach((page, step) => {
          cache.request(page, 0);
          if (bits[step] === 1) cache.remove(page);
        });
        cache.audit();
        return cache.faults;
      };
      let defined = 0;
      let orders = 0;
      for (const ranks of permutations(pageCount)) {
        orders++;
        let layers: number[][] = [];
        pages.forEach((page, step) => {
          if (!selection(layers, ranks).includes(page)) defined++;
          layers = requested(layers, page, capacity);
          if (bits[step] === 1) layers.pop();
        });
      }
      assert(expectation(run) <= defined / orders + 1e-9);
    }),
    200,
  );
});
