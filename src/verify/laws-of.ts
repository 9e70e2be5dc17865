import type { CatalogPolicy, PolicyDefinition } from '../paging/definition.ts';
import { policyFrom } from '../policies/find-policy.ts';
import { holdToLaw } from './hold-to-law.ts';
import { EVERY_LAW } from './laws/every-law.ts';
import { verifyRecord } from './run/verify-record.ts';
import { violationLines } from './run/verify-text.ts';

/** A law that a policy must obey, ready to be a test. */
export interface PolicyLaw {
  readonly name: string;
  /** The law in words. */
  readonly statement: string;
  /**
   * Tries the law on every small instance, on random ones, and where it bounds faults by a guided search.
   *
   * @throws Error with a minimal instance, the seed and the command that replays it, where the law is broken
   */
  readonly check: () => void;
}

/**
 * The laws that a policy must obey, by what it declares: the suite of `onebit verify`, for a test file of one's own.
 *
 * @param policy a definition, or a policy of the catalog from `findPolicy`
 * @param seed of everything random
 *
 * @example
 * for (const law of laws(policy)) test(law.statement, () => law.check());
 */
export function laws(policy: PolicyDefinition | CatalogPolicy, seed = 1): PolicyLaw[] {
  const subject = 'name' in policy ? policy : policyFrom('POLICY', policy);
  return EVERY_LAW.filter((law) => law.exempts(subject) === undefined).map((law) => ({
    name: law.name,
    statement: law.statement,
    check: () => {
      const outcome = holdToLaw(law, subject, seed);
      if (outcome.violation !== undefined)
        throw new Error(violationLines(verifyRecord(subject, seed, outcome)).join('\n'));
    },
  }));
}
