import { distance } from 'fastest-levenshtein';
import type { CatalogPolicy, PolicyDefinition } from '../paging/definition.ts';
import { Failure } from '../support/failure.ts';
import { ALIASES, CATALOG } from './catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from './description.ts';

/** Every name of the catalog, in the order of the list. */
export const POLICY_NAMES: readonly string[] = [...Object.keys(CATALOG), ...Object.keys(ALIASES)];

/** The whole catalog, a combinator with an example of what it may wrap. */
export function catalog(): CatalogPolicy[] {
  return POLICY_NAMES.map((name) => findPolicy(CATALOG[name]?.example ?? name));
}

/**
 * Looks a policy up.
 *
 * @param policy an expression such as `lru` or `switch(discard(lru),lru)`, or a description
 * @throws Failure for an unknown name (with the nearest known one), a wrong number of wrapped policies, an unknown
 *   parameter, or wrapped policies that do not fit
 *
 * @example
 * findPolicy('lazy-mark0').needs; // 'discard bit'
 */
export function findPolicy(policy: string | PolicyDescription): CatalogPolicy {
  const description = typeof policy === 'string' ? parsePolicy(policy) : policy;
  const { name } = description;
  const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
  if (
    alias !== undefined &&
    (description.policies.length > 0 || Object.keys(description.parameters).length > 0)
  ) {
    throw new Failure(
      `policy ${formatPolicy(description)}: ${name} stands for ${alias}; write it without brackets`,
    );
  }
  if (alias !== undefined) return { ...findPolicy(alias), name };
  const definition = Object.hasOwn(CATALOG, name) ? CATALOG[name] : undefined;
  if (definition === undefined) throw unknownPolicy(name);
  const wraps = definition.wraps ?? 0;
  if (description.policies.length !== wraps) {
    throw new Failure(
      `policy ${formatPolicy(description)}: ${name} wraps ${wraps} policies, found ` +
        `${description.policies.length}; write ${definition.example ?? name}`,
    );
  }
  const parameters = checkedParameters(description, definition);
  const wrapped = description.policies.map(findPolicy);
  return policyFrom(formatPolicy(description), definition, wrapped, parameters);
}

/**
 * A policy as its definition says, under a name.
 *
 * @param wrapped the policies it wraps, as many as the definition asks for
 * @param parameters their values; the defaults if absent
 */
export function policyFrom(
  name: string,
  definition: PolicyDefinition,
  wrapped: readonly CatalogPolicy[] = [],
  parameters: Readonly<Record<string, number>> = definition.parameters ?? {},
): CatalogPolicy {
  const guarantee = definition.guarantee?.(wrapped, parameters);
  const consistency = definition.consistency?.(wrapped);
  const robustness = definition.robustness?.(wrapped);
  return {
    name,
    summary: definition.summary,
    reference: definition.reference,
    needs: definition.needs?.(wrapped) ?? 'nothing',
    randomised: definition.randomised === true || wrapped.some((inner) => inner.randomised),
    eager: definition.eager === true,
    sizes: definition.sizes === true && wrapped.every((inner) => inner.sizes),
    costs: definition.costs === true || wrapped.some((inner) => inner.costs),
    offline: definition.offline === true || wrapped.some((inner) => inner.offline),
    marking: definition.marking?.(wrapped) ?? false,
    stack: definition.stack?.(wrapped) ?? false,
    standing: guarantee?.standing ?? (consistency || robustness ? 'proved' : 'empirical'),
    guarantee,
    consistency,
    robustness,
    liftRatio: definition.liftRatio,
    create: (run) =>
      definition.create(
        run,
        wrapped.map((inner) => inner.create(run)),
        parameters,
      ),
  };
}

function checkedParameters(
  description: PolicyDescription,
  definition: PolicyDefinition,
): Record<string, number> {
  const parameters: Record<string, number> = { ...definition.parameters };
  for (const [parameter, value] of Object.entries(description.parameters)) {
    if (!Object.hasOwn(parameters, parameter) || !(value >= 0)) {
      const known = Object.keys(parameters).join(', ') || 'none';
      throw new Failure(
        `policy ${formatPolicy(description)}: ${parameter}=${value} is not a parameter ≥ 0 of ${description.name} (it has: ${known})`,
      );
    }
    parameters[parameter] = value;
  }
  return parameters;
}

function unknownPolicy(name: string): Failure {
  const nearest = [...POLICY_NAMES].sort((a, b) => distance(name, a) - distance(name, b))[0];
  const hint =
    distance(name, nearest) <= 3 ? `did you mean ${nearest}?` : `known: ${POLICY_NAMES.join(', ')}`;
  return new Failure(`unknown policy “${name}”; ${hint}`);
}
