import { ALIASES } from '../../policies/catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from '../../policies/description.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { Failure } from '../../support/failure.ts';
import { discardRules, fifoRules, flushRules, flushWhenAll0sRules, lruRules } from './deterministic-rules.ts';
import { type Departure, markerModel } from './marker-model.ts';
import { deterministicModel, type PolicyModel, type Rules } from './policy-model.ts';

const RULES: Readonly<Record<string, (capacity: number) => Rules>> = {
  lru: lruRules,
  fifo: fifoRules,
  flush: flushRules,
  'flush-when-all-0s': flushWhenAll0sRules,
};

const MARKERS: Readonly<Record<string, Departure>> = {
  marker: 'never',
  mark0: 'leaves',
  'discard(marker)': 'stays as a gift',
};

/** What can be certified. */
export const CERTIFIABLE = [
  ...Object.keys(RULES),
  ...Object.keys(MARKERS),
  'discard(lru)',
  'discard(fifo)',
  'discard(flush)',
];

/**
 * The model of a policy of the catalog.
 *
 * @param expression such as `lru` or `discard(lru)`; aliases are resolved
 * @param capacity k
 * @throws Failure for an expression that names no catalog policy, or one without a model
 */
export function findModel(expression: string, capacity: number): PolicyModel {
  const { name } = findPolicy(expression);
  const description = parsePolicy(ALIASES[name] ?? expression);
  const departure = MARKERS[formatPolicy(description)];
  if (departure !== undefined) return markerModel(capacity, departure);
  const rules = findRules(description, capacity);
  if (rules !== undefined) return deterministicModel(capacity, rules);
  throw new Failure(
    `policy ${name} has no finite model, so it cannot be certified; choose one of ${CERTIFIABLE.join(', ')}`,
  );
}

function findRules(description: PolicyDescription, capacity: number): Rules | undefined {
  if (description.name === 'discard') {
    const inner = findRules(description.policies[0], capacity);
    return inner && discardRules(capacity, inner);
  }
  return RULES[formatPolicy(description)]?.(capacity);
}
