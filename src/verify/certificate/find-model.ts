import { ALIASES } from '../../policies/catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from '../../policies/description.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { Failure } from '../../support/failure.ts';
import { discardRules, fifoRules, flushRules, flushWhenAll0sRules, lruRules } from './deterministic-rules.ts';
import { deterministicModel, type PolicyModel, type Rules } from './policy-model.ts';

const RULES: Readonly<Record<string, (capacity: number) => Rules>> = {
  lru: lruRules,
  fifo: fifoRules,
  flush: flushRules,
  'flush-when-all-0s': flushWhenAll0sRules,
};

/** What can be certified; `discard` may wrap the first three. */
export const CERTIFIABLE = 'lru, fifo, flush, flush-when-all-0s, discard of lru, fifo or flush';

/**
 * The model of a policy of the catalog.
 *
 * @param expression such as `lru` or `discard(lru)`; aliases are resolved
 * @param capacity k
 * @throws Failure for an expression that names no catalog policy, or one without a model
 */
export function findModel(expression: string, capacity: number): PolicyModel {
  const { name, randomised } = findPolicy(expression);
  const rules = findRules(parsePolicy(expression), capacity);
  if (rules !== undefined) return deterministicModel(capacity, rules);
  const reason = randomised ? 'is randomised' : 'has no finite model yet';
  throw new Failure(`policy ${name} ${reason}: it cannot be certified; choose one of ${CERTIFIABLE}`);
}

function findRules(description: PolicyDescription, capacity: number): Rules | undefined {
  const alias = ALIASES[description.name];
  if (alias !== undefined) return findRules(parsePolicy(alias), capacity);
  if (description.name === 'discard') {
    const inner = findRules(description.policies[0], capacity);
    return inner && discardRules(capacity, inner);
  }
  return RULES[formatPolicy(description)]?.(capacity);
}
