import type { CatalogPolicy } from '../../src/paging/definition.ts';
import { ALIASES, CATALOG } from '../../src/policies/catalog.ts';
import { catalog, findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';

const COMBINATIONS = [
  'discard(fifo)',
  'discard(clock)',
  'discard(random)',
  'discard(guard(lru))',
  'discard(switch(lru,fifo,margin=1))',
  'switch(lazy-mark0,lru)',
  'switch(discard(lru),lru,margin=0)',
  'switch(lru,discard(lru),margin=1)',
  'switch(mark0,flush,margin=0)',
  'switch(flush-when-all-0s,lru,margin=2)',
  'switch(mark-and-predict,fifo,margin=0)',
  'switch(belady,lru,margin=1)',
  'guard(lru)',
  'guard(discard(lru))',
  'guard(switch(discard(lru),lru,margin=1))',
  'discard(online-min)',
  'guard(discard(online-min))',
  'guard(follow-the-prediction)',
  'guard(f-and-r)',
  'adaptive-query(queries=2)',
  'bounded-switch(trust-and-doubt,lru)',
  'weighted-switch(f-and-r,marker,epsilon=1)',
];

/** Whether a name is a second one of a policy that stands in the catalog under another. */
const isSecondName = (name: string) => Object.hasOwn(CATALOG, ALIASES[name] ?? '');

/** What the laws are tried on: the whole catalog, and every combinator around several policies. */
export const EVERY_POLICY: readonly CatalogPolicy[] = [
  ...catalog().filter(({ name }) => !isSecondName(name)),
  ...COMBINATIONS.map((name) => findPolicy(name)),
];

/** Those that never look ahead. */
export const ONLINE_POLICIES = EVERY_POLICY.filter((policy) => !policy.offline);

/** Whether a policy empties slots only at a fault with no free slot. */
export function isLazy(policy: CatalogPolicy): boolean {
  const sequence = { pages: new Uint32Array(0), pageCount: 1 };
  const run = { capacity: 1, pageCount: 1, random: new SeededRandom(1), sequence };
  return policy.create(run).leaving === undefined;
}

/** The laws that hold faults against the optimum. */
export const BOUNDS = new Set(['guarantee', 'consistency', 'damage', 'robustness', 'lower bounds']);
