/** The bounds that the policies promise, THEORY section 3, on exact expectations: no sampling, nothing additive. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { harmonic } from '../../src/paging/guarantee.ts';
import { discardLabels, extendedDiscardLabels, phaseLabels } from '../../src/paging/labels.ts';
import type { Bits } from '../../src/paging/policy.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { type CatalogPolicy, findPolicy } from '../../src/policies/catalog.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { bitStrings, requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';
import { EVERY_POLICY } from './roster.ts';

/** faults ≤ alpha·OPT + beta·η0 + gamma·η1, errors counted on any of the labels. */
interface Bound {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

const EVERY_BITS = Array.from({ length: 8 }, (_, length) => [...bitStrings(length)]);

/** The labels that errors may be counted on: a bound holds for each. */
function labelsFor({ needs }: CatalogPolicy, sequence: RequestSequence, capacity: number): Bits[] {
  if (needs === 'phase bit') return [phaseLabels(sequence, capacity)];
  return [discardLabels(sequence, capacity), extendedDiscardLabels(sequence, capacity)];
}

/** Checks a bound on one request sequence under each of the given bits. */
function check(
  policy: CatalogPolicy,
  bound: Bound,
  sequence: RequestSequence,
  capacity: number,
  predictions: Bits[],
): void {
  const optimum = optimalFaults(sequence, capacity);
  const labels = labelsFor(policy, sequence, capacity);
  for (const bits of predictions) {
    const expected = expectedFaults(policy, capacity, sequence, bits);
    for (const truth of labels) {
      const { eta0, eta1 } = predictionError(bits, truth);
      const most = bound.alpha * optimum + bound.beta * eta0 + bound.gamma * eta1;
      if (expected <= most + 1e-9) continue;
      const instance = `k = ${capacity}, pages ${sequence.pages.join(' ')}, bits ${bits.join(' ')}`;
      assert.fail(`${expected} faults, bound ${most} (OPT ${optimum}, η0 ${eta0}, η1 ${eta1}): ${instance}`);
    }
  }
}

function promise(law: string, policy: CatalogPolicy, bound: (k: number) => Bound): void {
  const bitless = policy.needs === 'nothing';
  t.test(`${policy.name}: ${law}, on every small request sequence under every bit string`, async () => {
    for (const sequence of requestSequences(4, 7)) {
      const { length } = sequence.pages;
      const predictions = bitless ? [new Uint8Array(length)] : EVERY_BITS[length];
      for (let k = 1; k <= 3; k++) check(policy, bound(k), sequence, k, predictions);
    }
  });
  t.test(`${policy.name}: ${law}, on random request sequences`, async () => {
    // The coin tree of a long run is too large to walk.
    const bounds = policy.randomised ? { length: 13, capacity: 4, extra: 3 } : { length: 60, capacity: 6, extra: 4 };
    hold(
      fc.property(instances(bounds), fc.nat({ max: 3 }), ({ sequence, capacity, bits }, rate) => {
        // Also bits that are wrong at a few requests only, and all 0: there the bounds are tight.
        const nearlyTrue = labelsFor(policy, sequence, capacity)[0].map((label, i) =>
          bits[i] === 1 && i % (rate + 2) === 0 ? 1 - label : label,
        );
        const predictions = bitless ? [bits] : [bits, nearlyTrue, new Uint8Array(bits.length)];
        check(policy, bound(capacity), sequence, capacity, predictions);
      }),
    );
  });
}

for (const policy of EVERY_POLICY) {
  const { guarantee } = policy;
  if (guarantee === undefined) continue;
  promise('faults ≤ α·OPT + β·η0 + γ·η1', policy, (k) => {
    assert.equal(guarantee.additive(k), 0);
    return { alpha: guarantee.alpha(k), beta: guarantee.beta(k), gamma: guarantee.gamma(k) };
  });
}

promise('the sharper (1, 2H_k − 2, 1) of its lazy form holds too', findPolicy('mark0'), (k) => ({
  alpha: 1,
  beta: 2 * harmonic(k) - 2,
  gamma: 1,
}));

promise('robust, faults ≤ 2·OPT·(1 + H_⌈k/2⌉ + H_⌊k/2⌋)', findPolicy('mark-and-predict'), (k) => ({
  alpha: 2 * (1 + harmonic(Math.ceil(k / 2)) + harmonic(Math.floor(k / 2))),
  beta: 0,
  gamma: 0,
}));

t.test('the catalog declares the three guarantees of THEORY section 3 and those of the lift', async (t) => {
  const triple = (name: string, k: number) => {
    const { alpha, beta, gamma } = findPolicy(name).guarantee ?? assert.fail(name);
    return [alpha(k), beta(k), gamma(k)];
  };
  for (const k of [1, 2, 5]) {
    t.strictSame(triple('flush-when-all-0s', k), [1, k - 1, 1]);
    t.strictSame(triple('mark0', k), [1, 2 * harmonic(k), 1]);
    t.strictSame(triple('mark-and-predict', k), [2, harmonic(k), 1]);
    t.strictSame(triple('lazy-mark0', k), [1, 2 * harmonic(k) - 2, 1]);
    for (const name of ['lazy-flush-when-all-0s', 'discard(lru)', 'discard(fifo)']) {
      t.strictSame(triple(name, k), [1, k - 1, 1]);
    }
  }
  for (const name of ['discard(clock)', 'discard(random)', 'guard(lazy-mark0)', 'switch(lru,fifo)']) {
    t.equal(findPolicy(name).guarantee, undefined, `${name}: nothing is proved`);
  }
});
