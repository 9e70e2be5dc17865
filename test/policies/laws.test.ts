/** The laws of src/verify, except those that bound faults, on the whole catalog; `guarantees.test.ts` has the others. */
import t from 'tap';
import { ALIASES } from '../../src/policies/catalog.ts';
import { POLICY_NAMES } from '../../src/policies/find-policy.ts';
import { laws } from '../../src/verify/index.ts';
import { BOUNDS, EVERY_POLICY, isLazy } from './roster.ts';

for (const policy of EVERY_POLICY) {
  for (const { name, statement, check } of laws(policy)) {
    if (!BOUNDS.has(name)) t.test(`${policy.name}: ${statement}`, async () => check());
  }
}

t.test('every name of the catalog is held to the laws', async (t) => {
  const tried = EVERY_POLICY.map(({ name }) => name.split('(')[0]);
  for (const name of POLICY_NAMES) t.ok(tried.includes(name) || tried.includes(ALIASES[name]), name);
});

t.test(
  'the combinators are lazy whatever they wrap; among the others only flushes and mark0 are not',
  async (t) => {
    const eager = EVERY_POLICY.filter((policy) => !isLazy(policy)).map(({ name }) => name);
    t.strictSame(eager, ['flush', 'flush-when-all-0s', 'mark0']);
  },
);
