import type { CommandModule } from 'yargs';
import type { CatalogPolicy } from '../paging/definition.ts';
import { CATALOG } from '../policies/catalog.ts';
import { parsePolicy } from '../policies/description.ts';
import { catalog } from '../policies/find-policy.ts';
import { Failure } from '../support/failure.ts';

interface Arguments {
  k: number;
  json: boolean;
}

export const policies: CommandModule<object, Arguments> = {
  command: 'policies',
  describe:
    'list the policies: what they need, what they promise and how sure that is, and where they come from',
  builder: (yargs) =>
    yargs
      .option('k', {
        type: 'number',
        default: 8,
        describe: 'size of the cache that the bounds are given for',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print one line of JSON for each policy' })
      .example('$0 policies --k 16', 'with what each promises for a cache of 16 pages'),
  handler: ({ k, json }) => {
    if (!Number.isSafeInteger(k) || k < 1 || k > 1e6)
      throw new Failure('--k: must be an integer from 1 to 1000000, for example 8');
    for (const policy of catalog())
      console.log(json ? JSON.stringify(policyRecord(policy, k)) : text(policy, k));
  },
};

function policyRecord(policy: CatalogPolicy, k: number) {
  const { create: _, guarantee, consistency, robustness, liftRatio: __, ...facts } = policy;
  return {
    ...facts,
    parameters: parametersOf(policy),
    k,
    ...(guarantee && {
      alpha: guarantee.alpha(k),
      beta: guarantee.beta(k),
      gamma: guarantee.gamma(k),
    }),
    ...(consistency && { consistency: consistency(k) }),
    ...(robustness && { robustness: robustness(k) }),
  };
}

function text(policy: CatalogPolicy, k: number): string {
  const { name, needs, randomised, sizes, costs, summary, reference } = policy;
  const facts = [
    `needs ${needs}`,
    ...Object.entries(parametersOf(policy)).map(([parameter, value]) => `${parameter}=${value}`),
    ...(randomised ? ['randomised'] : []),
    ...(sizes ? ['for pages of different sizes', ...(costs ? ['weighs costs'] : [])] : []),
    reference,
  ];
  return `${name}\n    ${summary}\n    ${facts.join('; ')}\n    ${promise(policy, k)}`;
}

function promise(
  { guarantee, consistency, robustness, standing, randomised }: CatalogPolicy,
  k: number,
): string {
  const at = (ratio: number) => String(Math.round(ratio * 1000) / 1000);
  const terms = [
    ['OPT', guarantee?.alpha(k)],
    ['η0', guarantee?.beta(k)],
    ['η1', guarantee?.gamma(k)],
  ] as const;
  const sum = terms.flatMap(([count, factor]) => (factor ? [`${at(factor)}·${count}`] : [])).join(' + ');
  const bounds = [
    ...(guarantee ? [`${randomised ? 'expected ' : ''}faults ≤ ${sum}`] : []),
    ...(consistency ? [`≤ ${at(consistency(k))}·OPT on true predictions`] : []),
    ...(robustness ? [`≤ ${at(robustness(k))}·OPT on any`] : []),
  ];
  return bounds.length === 0
    ? `${standing}: no bound with constants`
    : `${standing}, k = ${k}: ${bounds.join('; ')}`;
}

/** With their defaults. */
function parametersOf({ name }: CatalogPolicy): Readonly<Record<string, number>> {
  return CATALOG[parsePolicy(name).name]?.parameters ?? {};
}
