import { ALIASES, CATALOG } from '../policies/catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { Failure } from '../support/failure.ts';

/**
 * A policy as a serving engine reads it: plain data without names that stand for others and without defaults left out, so
 * that the reader needs neither the catalog nor a parser.
 */
export interface FrozenPolicy {
  readonly format: 'onebit policy';
  /** Grows when an older reader would misread the file. */
  readonly version: 1;
  readonly policy: PolicyDescription;
  /** Of the policy's coins. */
  readonly seed: number;
}

/** Policies that the engines' package knows; see `plugins/python/onebit_engines/frozen_policy.py`. */
const IN_ENGINES: readonly string[] = ['lru', 'marker', 'discard', 'guard', 'switch'];

/**
 * Freezes a policy for the engines.
 *
 * @param policy an expression such as `switch(lazy-mark0,lru)`
 * @param seed any safe integer
 * @throws Failure for an unknown policy and for one that the engines' package does not know
 *
 * @example
 * freezePolicy('lazy-mark0', 1).policy.name; // 'discard'
 */
export function freezePolicy(policy: string, seed: number): FrozenPolicy {
  const described = withoutAliases(parsePolicy(policy));
  for (const name of namesIn(described)) {
    if (!IN_ENGINES.includes(name) && Object.hasOwn(CATALOG, name)) throw unsupported(policy, name);
  }
  findPolicy(policy);
  if (!Number.isSafeInteger(seed)) throw new Failure('--seed: must be an integer, for example 1');
  return { format: 'onebit policy', version: 1, policy: described, seed };
}

function withoutAliases({ name, policies, parameters }: PolicyDescription): PolicyDescription {
  if (Object.hasOwn(ALIASES, name)) return withoutAliases(parsePolicy(ALIASES[name]));
  const defaults = Object.hasOwn(CATALOG, name) ? CATALOG[name].parameters : undefined;
  return { name, policies: policies.map(withoutAliases), parameters: { ...defaults, ...parameters } };
}

function namesIn({ name, policies }: PolicyDescription): string[] {
  return [name, ...policies.flatMap(namesIn)];
}

function unsupported(policy: string, name: string): Failure {
  return new Failure(
    `policy ${formatPolicy(parsePolicy(policy))}: engines cannot run ${name}; ` +
      `combine ${IN_ENGINES.join(', ')}, as in switch(discard(lru),lru)`,
  );
}
