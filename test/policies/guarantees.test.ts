/** The bounds that the policies promise, held against the exact optimum by the laws of src/verify. */
import assert from 'node:assert/strict';
import t from 'tap';
import { harmonic, oneBit } from '../../src/paging/guarantee.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { laws } from '../../src/verify/index.ts';
import { BOUNDS, EVERY_POLICY } from './roster.ts';

for (const policy of EVERY_POLICY) {
  for (const { name, statement, check } of laws(policy)) {
    if (BOUNDS.has(name)) t.test(`${policy.name}, ${name}: ${statement}`, async () => check());
  }
}

t.test('mark0 keeps the sharper (1, 2H_k − 2, 1) of its lazy form', async () => {
  const sharper = oneBit(1, (k) => 2 * harmonic(k) - 2, 'derived', 'docs/certificates.md, section 4');
  for (const law of laws({ ...findPolicy('mark0'), guarantee: sharper }))
    if (BOUNDS.has(law.name)) law.check();
});

t.test('the catalog declares the three published guarantees and those of the lift', async (t) => {
  const triple = (name: string, k: number) => {
    const { alpha, beta, gamma } = findPolicy(name).guarantee ?? assert.fail(name);
    return [alpha(k), beta(k), gamma(k)];
  };
  for (const { name, guarantee } of EVERY_POLICY) {
    if (!name.includes('switch(')) t.equal(guarantee?.additive(3) ?? 0, 0, `${name}: nothing additive`);
  }
  for (const k of [1, 2, 5]) {
    t.strictSame(triple('flush-when-all-0s', k), [1, k - 1, 1]);
    // Whatever the bits: what the second side promises, times what changing sides may cost.
    t.strictSame(triple('switch(discard(lru),lru,margin=2)', k), [(1 + (2 * k + 1) / 11) * k, 0, 0]);
    t.equal(findPolicy('switch(discard(lru),lru,margin=2)').guarantee?.additive(k), 9 + 2 * k + 2);
    t.equal(findPolicy('switch(lru,follow-the-prediction)').guarantee, undefined);
    t.strictSame(triple('mark0', k), [1, 2 * harmonic(k), 1]);
    t.strictSame(triple('mark-and-predict', k), [2, harmonic(k), 1]);
    t.strictSame(triple('lazy-mark0', k), [1, 2 * harmonic(k) - 2, 1]);
    for (const name of ['lazy-flush-when-all-0s', 'discard(lru)', 'discard(fifo)']) {
      t.strictSame(triple(name, k), [1, k - 1, 1]);
    }
  }
  for (const name of ['discard(clock)', 'discard(random)', 'guard(lazy-mark0)']) {
    t.equal(findPolicy(name).guarantee, undefined, `${name}: nothing is proved`);
  }
});
