import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { Failure } from '../../support/failure.ts';
import { SeededRandom } from '../../support/random.ts';
import { LruUntilBits } from './lru-until-bits.ts';

/** A policy that can run in an engine: online, with one bit at most. */
export type OnlinePolicy = CatalogPolicy;

/**
 * Finds a policy of the catalog that an engine can run.
 *
 * @throws Failure for one that is unknown, offline, or needs more than a bit with each request
 */
export function onlinePolicy(expression: string): OnlinePolicy {
  const policy = findPolicy(expression);
  const bits = ['nothing', 'discard bit', 'phase bit'].includes(policy.needs);
  if (!policy.offline && bits && !policy.costs) return policy;
  const reason = policy.offline ? 'is given the future' : `needs ${bits ? 'costs' : `${policy.needs}s`}`;
  throw new Failure(
    `policy ${policy.name}: ${reason}, which a session cache does not know; use lru, arc or switch(discard(lru),lru)`,
  );
}

/** Makes runs of a policy for a block manager; one that takes bits is LRU until the first bit says discard. */
export function policyRun(policy: OnlinePolicy, seed: number) {
  return (capacity: number, pageCount: number): Policy => {
    const run = policy.create({
      capacity,
      pageCount,
      random: new SeededRandom(seed),
      // Only an offline policy looks at it.
      sequence: { pages: new Uint32Array(0), pageCount },
    });
    return policy.needs === 'nothing' ? run : new LruUntilBits(capacity, run);
  };
}
