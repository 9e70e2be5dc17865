/** The lower bounds of docs/certificates.md, section 4: k + 1 pages, always the missing one. No deterministic policy does better than it promises there. */
import assert from 'node:assert/strict';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { missingPages } from '../../src/verify/engines/families.ts';
import { makeInstance } from '../../src/verify/instance.ts';
import { startCache } from '../../src/verify/laws/law.ts';
import { ONLINE_POLICIES } from './roster.ts';

const LENGTH = 600;
const DETERMINISTIC = ONLINE_POLICIES.filter((policy) => !policy.randomised);

/** What the adversary requests of a policy while every request carries `bit`, and what that costs. */
function cruelSequence(
  policy: CatalogPolicy,
  capacity: number,
  bit: number,
): { sequence: RequestSequence; faults: number } {
  const bits = new Uint8Array(LENGTH).fill(bit);
  const instance = makeInstance(missingPages(policy, capacity, bits), capacity, bits);
  return { sequence: instance.sequence, faults: startCache(policy, instance).serve(instance.sequence, bits) };
}

for (let k = 1; k <= 4; k++) {
  t.test(`k = ${k}: every request is a fault, at most every k-th one of the optimum`, async () => {
    for (const policy of DETERMINISTIC) {
      const { sequence, faults } = cruelSequence(policy, k, 0);
      assert.equal(faults, LENGTH, policy.name);
      assert(optimalFaults(sequence, k) <= LENGTH / k + k, policy.name);
    }
  });

  t.test(`k = ${k}: with all bits 0, η0 ≤ OPT, so α + β ≥ k`, async () => {
    for (const policy of DETERMINISTIC) {
      const { sequence, faults } = cruelSequence(policy, k, 0);
      const optimum = optimalFaults(sequence, k);
      const { eta0, eta1 } = predictionError(new Uint8Array(LENGTH), discardLabels(sequence, k));
      assert(eta0 <= optimum && eta1 === 0, policy.name);
      // What α + β = k − 1/2 would allow falls short by a growing number of faults.
      assert((k - 0.5) * optimum + k * k < faults, policy.name);
    }
  });

  t.test(`k = ${k}: with all bits 1, η1 = T − OPT up to k, so α + (k − 1)·γ ≥ k`, async () => {
    for (const policy of DETERMINISTIC) {
      const { sequence, faults } = cruelSequence(policy, k, 1);
      const optimum = optimalFaults(sequence, k);
      const { eta0, eta1 } = predictionError(new Uint8Array(LENGTH).fill(1), discardLabels(sequence, k));
      assert(eta0 === 0 && eta1 >= LENGTH - optimum && eta1 <= LENGTH - optimum + k, policy.name);
      if (k > 1) assert(optimum + 0.9 * eta1 < faults, `${policy.name}: γ = 0.9 would be broken`);
    }
  });
}

t.test(
  'on these sequences the one-bit policies meet their guarantee with nothing to spare but a constant',
  async () => {
    for (const name of ['flush-when-all-0s', 'lazy-flush-when-all-0s', 'discard(lru)', 'discard(fifo)']) {
      for (let k = 2; k <= 4; k++) {
        for (const bit of [0, 1]) {
          const policy = findPolicy(name);
          const { sequence, faults } = cruelSequence(policy, k, bit);
          const bits = new Uint8Array(LENGTH).fill(bit);
          const { eta0, eta1 } = predictionError(bits, discardLabels(sequence, k));
          const bound = optimalFaults(sequence, k) + (k - 1) * eta0 + eta1;
          assert(
            faults <= bound && bound <= faults + k * k,
            `${name}, k = ${k}, bits ${bit}: ${faults} of ${bound}`,
          );
        }
      }
    }
  },
);
