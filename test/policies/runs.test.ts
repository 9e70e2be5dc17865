/** What holds for every run beyond the laws of src/verify: coins matter, all at once is the same, OPT is not beaten. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';
import { EVERY_POLICY } from './roster.ts';

/** What can be seen of a run: after each request the resident pages as a mask, and in the last bit whether it was a hit. */
function record(policy: CatalogPolicy, { sequence, capacity, bits }: Instance, seed: number): Int32Array {
  const { pages, pageCount } = sequence;
  const random = new SeededRandom(seed);
  const cache = new Cache(capacity, pageCount, policy.create({ capacity, pageCount, random, sequence }));
  return Int32Array.from(pages, (page, i) => {
    let seen = cache.request(page, bits[i]) ? 1 : 0;
    for (const resident of cache.pageIn) if (resident !== NO_PAGE) seen |= 2 << resident;
    return seen;
  });
}

function faults(policy: CatalogPolicy, { sequence, capacity, bits }: Instance, seed: number): number {
  const { pageCount } = sequence;
  const random = new SeededRandom(seed);
  return new Cache(capacity, pageCount, policy.create({ capacity, pageCount, random, sequence })).serve(
    sequence,
    bits,
  );
}

const anyInstance = instances({ length: 50, capacity: 5, extra: 3 });

t.test('another seed, another run, where the policy is randomised', async (t) => {
  const pages = Uint32Array.from({ length: 200 }, (_, i) => (i * i + (i >> 2)) % 11);
  const instance = { sequence: { pages, pageCount: 23 }, capacity: 6, bits: new Uint8Array(200) };
  // Hyperbolic looks at a small cache as a whole; with a smaller sample it tosses coins here too.
  const tossing = EVERY_POLICY.map((policy) =>
    policy.name === 'hyperbolic' ? { ...findPolicy('hyperbolic(sample=2)'), name: policy.name } : policy,
  );
  for (const policy of tossing) {
    const runs = [1, 2, 3].map((seed) => record(policy, instance, seed).join());
    // A combinator may follow a side, or meet a case, that tosses no coin.
    if (!policy.randomised) t.equal(new Set(runs).size, 1, policy.name);
    else if (!/\(/.test(policy.name)) t.equal(new Set(runs).size, 3, policy.name);
  }
});

t.test('serving a sequence at once is the same run as serving its requests one by one', async () => {
  for (const policy of EVERY_POLICY) {
    hold(
      fc.property(anyInstance, seeds, (instance, seed) => {
        const misses = record(policy, instance, seed).filter((seen) => (seen & 1) === 0).length;
        assert.equal(faults(policy, instance, seed), misses, policy.name);
      }),
      200,
    );
  }
});

t.test('no policy has fewer faults than the optimum', async () => {
  for (const policy of EVERY_POLICY) {
    hold(
      fc.property(anyInstance, seeds, (instance, seed) => {
        const optimum = optimalFaults(instance.sequence, instance.capacity);
        assert(faults(policy, instance, seed) >= optimum, policy.name);
      }),
    );
    for (const sequence of requestSequences(4, 7)) {
      for (let capacity = 1; capacity <= 3; capacity++) {
        const bits = new Uint8Array(sequence.pages.length);
        assert(
          faults(policy, { sequence, capacity, bits }, 1) >= optimalFaults(sequence, capacity),
          policy.name,
        );
      }
    }
  }
});
