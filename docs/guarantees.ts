/** The page of guarantees, from what the policies of the catalog declare. */
import type { CatalogPolicy } from '../src/paging/definition.ts';
import { catalog, findPolicy } from '../src/policies/find-policy.ts';

/** Cache sizes at which the functions of k are shown. */
const SIZES = [10, 100] as const;

/** Compositions that promise something, besides those that the catalog lists. */
const COMPOSED = ['discard(online-min)', 'discard(fifo)', 'discard(marker)'];

/** Every policy with what it needs, what it promises, how sure that is, and where it comes from. */
export function guaranteePage(): string {
  const policies = [...catalog(), ...COMPOSED.map(findPolicy)];
  const promising = policies.filter(({ guarantee }) => guarantee !== undefined);
  const silent = policies.filter(({ guarantee }) => guarantee === undefined);
  const row = (policy: CatalogPolicy) => {
    const { standing, reference } = policy.guarantee as NonNullable<CatalogPolicy['guarantee']>;
    return `| \`${policy.name}\` | ${policy.needs} | ${SIZES.map((k) => triple(policy, k)).join(' | ')} | ${standing} | ${reference} |`;
  };
  const ratios = policies.filter(({ consistency, robustness }) => consistency ?? robustness);
  return [
    '# Guarantees',
    '',
    'Written by `npm run docs` from the catalog. A guarantee (α, β, γ) says: faults ≤ α·OPT + β·η0 + γ·η1 + a constant, on',
    'every request sequence and all bits, in expectation for randomised policies. η0 counts bits that wrongly said keep, η1 those',
    'that wrongly said discard; for next arrivals and cache states only α is stated. All of it holds in the unit-cost model: every',
    'fault costs 1 and nothing is pinned. In a KV cache, where running requests pin their blocks, none of it is proved.',
    '',
    '*proved*: stated and proved in the paper cited. *derived*: proved in this project ([certificates](certificates.md)). Both are',
    'checked by `onebit verify NAME`, which is also how to see what a policy does where nothing is promised.',
    '',
    `| policy | needs | ${SIZES.map((k) => `(α, β, γ) at k = ${k}`).join(' | ')} | standing | source |`,
    `|---|---|${SIZES.map(() => '---').join('|')}|---|---|`,
    ...promising.map(row),
    '',
    '## Ratios on true predictions, and on any',
    '',
    'Proved besides, or instead: the ratio to OPT when all predictions are right (consistency), and whatever is predicted (robustness).',
    '',
    '| policy | consistency at k = 10, 100 | robustness at k = 10, 100 |',
    '|---|---|---|',
    ...ratios.map(
      ({ name, consistency, robustness }) => `| \`${name}\` | ${ratio(consistency)} | ${ratio(robustness)} |`,
    ),
    '',
    '## Nothing is promised for',
    '',
    '| policy | needs | source |',
    '|---|---|---|',
    ...silent.map(({ name, needs, reference }) => `| \`${name}\` | ${needs} | ${reference} |`),
    '',
  ].join('\n');
}

function triple({ guarantee, needs }: CatalogPolicy, k: number): string {
  if (guarantee === undefined) return '';
  const { alpha, beta, gamma } = guarantee;
  if (needs === 'nothing') return decimal(alpha(k));
  return `(${[alpha(k), beta(k), gamma(k)].map(decimal).join(', ')})`;
}

function ratio(of: ((k: number) => number) | undefined): string {
  return of === undefined ? '–' : SIZES.map((k) => decimal(of(k))).join(', ');
}

function decimal(value: number): string {
  return Number.isFinite(value) ? `${Math.round(100 * value) / 100}` : '∞';
}
