/**
 * The laws that need no arithmetic on every request sequence over 4 pages of length up to 7, k ≤ 3, with every string of bits, for the
 * deterministic one-bit policies: the fast tests have strings of up to 5 bits.
 */
import t from 'tap';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { holdToLaw } from '../../src/verify/hold-to-law.ts';
import { EVERY_LAW } from '../../src/verify/laws/every-law.ts';

const DEPTH = 7;

for (const name of [
  'flush-when-all-0s',
  'lazy-flush-when-all-0s',
  'discard(lru)',
  'switch(discard(lru),lru,margin=1)',
]) {
  for (const law of EVERY_LAW) {
    const policy = findPolicy(name);
    if (law.boundsFaults || law.exempts(policy) !== undefined) continue;
    t.test(`${name}: ${law.statement}`, async (t) => {
      const deep = { ...law, engines: ['exhaustive'], exhaustiveLength: DEPTH } as const;
      const { violation, trials } = holdToLaw(deep, policy, 1);
      t.equal(violation?.complaint, undefined);
      // For each k the sequences of n requests, times 2ⁿ strings of bits.
      t.equal(trials[0].instances, 3 * (2 + 2 * 4 + 5 * 8 + 15 * 16 + 51 * 32 + 187 * 64 + 715 * 128));
    });
  }
}
