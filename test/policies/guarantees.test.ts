/** The bounds that the policies promise, THEORY section 3, on exact expectations: no sampling, nothing additive. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { harmonic } from '../../src/paging/guarantee.ts';
import { discardLabels, extendedDiscardLabels, phaseLabels } from '../../src/paging/labels.ts';
import type { Bits } from '../../src/paging/policy.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { bitStrings, requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';
import { EVERY_POLICY } from './roster.ts';

/** faults ≤ alpha·OPT + beta·η0 + gamma·η1, errors counted on any of the labels. */
interface Bound {
  readonly law: string;
  readonly alpha: (k: number) => number;
  readonly beta: (k: number) => number;
  readonly gamma: (k: number) => number;
}

/** What holds beyond the guarantee in the catalog. */
const FURTHER_BOUNDS: Readonly<Record<string, Bound>> = {
  mark0: {
    law: 'the sharper (1, 2H_k − 2, 1) of its lazy form',
    alpha: () => 1,
    beta: (k) => 2 * harmonic(k) - 2,
    gamma: () => 1,
  },
  'mark-and-predict': {
    law: 'robustness 2·(1 + H_⌈k/2⌉ + H_⌊k/2⌋), whatever the bits',
    alpha: (k) => 2 * (1 + harmonic(Math.ceil(k / 2)) + harmonic(Math.floor(k / 2))),
    beta: () => 0,
    gamma: () => 0,
  },
};

function boundsOf({ name, guarantee }: CatalogPolicy): Bound[] {
  const further = FURTHER_BOUNDS[name];
  return [...(guarantee ? [{ law: 'its guarantee', ...guarantee }] : []), ...(further ? [further] : [])];
}

const EVERY_BITS = Array.from({ length: 8 }, (_, length) => [...bitStrings(length)]);

/** The labels that errors may be counted on: a bound holds for each. */
function labelsFor({ needs }: CatalogPolicy, sequence: RequestSequence, capacity: number): Bits[] {
  if (needs === 'phase bit') return [phaseLabels(sequence, capacity)];
  return [discardLabels(sequence, capacity), extendedDiscardLabels(sequence, capacity)];
}

/** Checks every bound of a policy on one request sequence under each of the given bits. */
function check(
  policy: CatalogPolicy,
  sequence: RequestSequence,
  k: number,
  predictions: readonly Bits[],
): void {
  const optimum = optimalFaults(sequence, k);
  const labels = labelsFor(policy, sequence, k);
  const bounds = boundsOf(policy);
  for (const bits of predictions) {
    const expected = expectedFaults(policy, k, sequence, bits);
    for (const truth of labels) {
      const { eta0, eta1 } = predictionError(bits, truth);
      for (const { law, alpha, beta, gamma } of bounds) {
        const most = alpha(k) * optimum + beta(k) * eta0 + gamma(k) * eta1;
        if (expected <= most + 1e-9) continue;
        const instance = `k = ${k}, pages ${sequence.pages.join(' ')}, bits ${bits.join(' ')}`;
        const facts = `OPT ${optimum}, η0 ${eta0}, η1 ${eta1}`;
        assert.fail(`${law}: ${expected} faults, bound ${most} (${facts}): ${instance}`);
      }
    }
  }
}

for (const policy of EVERY_POLICY) {
  const bounds = boundsOf(policy);
  if (bounds.length === 0) continue;
  const bitless = policy.needs === 'nothing';
  const laws = bounds.map(({ law }) => law).join(' and ');

  t.test(`${policy.name} keeps ${laws} on every small request sequence under every bit string`, async () => {
    for (const sequence of requestSequences(4, 7)) {
      const { length } = sequence.pages;
      const predictions = bitless ? [new Uint8Array(length)] : EVERY_BITS[length];
      for (let k = 1; k <= 3; k++) check(policy, sequence, k, predictions);
    }
  });

  t.test(`${policy.name} keeps ${laws} on random request sequences`, async () => {
    // The coin tree of a long run is too large to walk.
    const length = policy.randomised ? 12 : 60;
    hold(
      fc.property(instances({ length, capacity: 4, extra: 3 }), ({ sequence, capacity, bits }) => {
        // Also bits that are wrong at few requests, and all 0: there the bounds are tight.
        const truth = labelsFor(policy, sequence, capacity)[0];
        const nearlyTrue = truth.map((label, i) => (bits[i] === 1 && i % 3 === 0 ? 1 - label : label));
        const predictions = bitless ? [bits] : [bits, nearlyTrue, new Uint8Array(bits.length)];
        check(policy, sequence, capacity, predictions);
      }),
    );
  });
}

t.test('the catalog declares the three guarantees of THEORY section 3 and those of the lift', async (t) => {
  const triple = (name: string, k: number) => {
    const { alpha, beta, gamma } = findPolicy(name).guarantee ?? assert.fail(name);
    return [alpha(k), beta(k), gamma(k)];
  };
  for (const { name, guarantee } of EVERY_POLICY)
    t.equal(guarantee?.additive(3) ?? 0, 0, `${name}: nothing additive`);
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
