import { distance } from 'fastest-levenshtein';
import { Failure } from '../support/failure.ts';
import { ALIASES, type CatalogPolicy, ENTRIES } from './catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from './description.ts';

/** Every name of the catalog, in the order of the list. */
export const POLICY_NAMES: readonly string[] = [...Object.keys(ENTRIES), ...Object.keys(ALIASES)];

/** The whole catalog, a combinator with an example of what it may wrap. */
export function catalog(): CatalogPolicy[] {
  return POLICY_NAMES.map((name) => findPolicy(ENTRIES[name]?.example ?? name));
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
  const entry = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined;
  if (entry === undefined) throw unknownPolicy(name);
  const wraps = entry.wraps ?? 0;
  if (description.policies.length !== wraps) {
    throw new Failure(
      `policy ${formatPolicy(description)}: ${name} wraps ${wraps} policies, found ` +
        `${description.policies.length}; write ${entry.example ?? name}`,
    );
  }
  const parameters = { ...entry.parameters };
  for (const [parameter, value] of Object.entries(description.parameters)) {
    if (!Object.hasOwn(parameters, parameter) || !(value >= 0)) {
      const known = Object.keys(parameters).join(', ') || 'none';
      throw new Failure(
        `policy ${formatPolicy(description)}: ${parameter}=${value} is not a parameter ≥ 0 of ${name} (it has: ${known})`,
      );
    }
    parameters[parameter] = value;
  }
  const wrapped = description.policies.map(findPolicy);
  return {
    name: formatPolicy(description),
    summary: entry.summary,
    reference: entry.reference,
    needs: entry.needs?.(wrapped) ?? 'nothing',
    randomised: entry.randomised === true || wrapped.some((inner) => inner.randomised),
    eager: entry.eager === true,
    offline: entry.offline === true || wrapped.some((inner) => inner.offline),
    guarantee: entry.guarantee?.(wrapped),
    liftRatio: entry.liftRatio,
    create: (run) =>
      entry.create(
        run,
        wrapped.map((inner) => inner.create(run)),
        parameters,
      ),
  };
}

function unknownPolicy(name: string): Failure {
  const nearest = [...POLICY_NAMES].sort((a, b) => distance(name, a) - distance(name, b))[0];
  const hint =
    distance(name, nearest) <= 3 ? `did you mean ${nearest}?` : `known: ${POLICY_NAMES.join(', ')}`;
  return new Failure(`unknown policy “${name}”; ${hint}`);
}
