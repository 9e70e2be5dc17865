import { ALIASES } from '../../policies/catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from '../../policies/description.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { Failure } from '../../support/failure.ts';
import {
  clockRules,
  discardRules,
  fifoRules,
  flushRules,
  flushWhenAll0sRules,
  lruRules,
  sieveRules,
} from './deterministic-rules.ts';
import { guardModel } from './guard-model.ts';
import { layersModel } from './layers-model.ts';
import { markAndPredictModel } from './mark-and-predict-model.ts';
import { markerModel } from './marker-model.ts';
import { deterministicModel, type PolicyModel, type Rules } from './policy-model.ts';

/** Rules that put the pages in an order, so that other policies can be built on them. */
const RULES: Readonly<Record<string, (capacity: number) => Rules>> = {
  lru: lruRules,
  fifo: fifoRules,
  flush: flushRules,
};

/** Policies that stand alone: with coins, or with pages in no order, or with an order of slots. */
const MODELS: Readonly<Record<string, (capacity: number) => PolicyModel>> = {
  'flush-when-all-0s': (capacity) => deterministicModel(capacity, flushWhenAll0sRules(capacity)),
  clock: (capacity) => deterministicModel(capacity, clockRules(capacity)),
  sieve: (capacity) => deterministicModel(capacity, sieveRules(capacity)),
  marker: (capacity) => markerModel(capacity, 'never'),
  mark0: (capacity) => markerModel(capacity, 'leaves'),
  'discard(marker)': (capacity) => markerModel(capacity, 'stays as a gift'),
  'online-min': (capacity) => layersModel(capacity, false),
  'discard(online-min)': (capacity) => layersModel(capacity, true),
  'mark-and-predict': markAndPredictModel,
};

/** What can be certified. */
export const CERTIFIABLE = [
  ...Object.keys(RULES),
  ...Object.keys(MODELS),
  'discard(lru)',
  'discard(fifo)',
  'discard(flush)',
  'guard(P) where P is lru, fifo or discard of them',
];

/** The rules that heed protected pages. */
const GUARDABLE = /^(discard\()*(lru|fifo)\)*$/;

/** Why a policy that looks finite is not. */
const INFINITE: Readonly<Record<string, string>> = {
  random: 'the probabilities that its pages are resident take infinitely many values',
  switch: 'the account of what it saved has no bound',
};

/**
 * The model of a policy of the catalog.
 *
 * @param expression such as `lru` or `discard(lru)`; aliases are resolved
 * @param capacity k
 * @throws Failure for an expression that names no catalog policy, or one without a model
 */
export function findModel(expression: string, capacity: number): PolicyModel {
  const { name } = findPolicy(expression);
  const description = withoutAliases(parsePolicy(expression));
  const model = MODELS[formatPolicy(description)]?.(capacity);
  if (model !== undefined) return model;
  const rules = findRules(description, capacity);
  if (rules !== undefined) return deterministicModel(capacity, rules);
  if (description.name === 'guard' && GUARDABLE.test(formatPolicy(description.policies[0]))) {
    const wrapped = findRules(description.policies[0], capacity);
    if (wrapped !== undefined) return guardModel(capacity, wrapped);
  }
  const reason = INFINITE[description.name];
  throw new Failure(
    `policy ${name} has no finite model${reason ? ` (${reason})` : ''}, so it cannot be certified; ` +
      `choose one of ${CERTIFIABLE.join(', ')}`,
  );
}

/** What an expression says once every name in it that stands for another expression is replaced by that. */
function withoutAliases({ name, policies, parameters }: PolicyDescription): PolicyDescription {
  const alias = ALIASES[name];
  if (alias !== undefined) return withoutAliases(parsePolicy(alias));
  return { name, policies: policies.map(withoutAliases), parameters };
}

/** Rules of policies that wrap others. */
function findRules(description: PolicyDescription, capacity: number): Rules | undefined {
  if (description.name === 'discard') {
    const inner = findRules(description.policies[0], capacity);
    return inner && discardRules(capacity, inner);
  }
  return RULES[formatPolicy(description)]?.(capacity);
}
