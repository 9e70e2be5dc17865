import { Cache } from '../../paging/cache.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { type Random, SeededRandom } from '../../support/random.ts';
import type { Instance } from '../instance.ts';
import type { Damage } from '../predictions.ts';

/** What a check found on one instance. */
export interface Finding {
  /** How the law is broken; absent where it holds. */
  readonly complaint?: string;
  /** Of laws that bound faults: the share of the bound that was used. */
  readonly load?: number;
  /** Of the same laws: faults / OPT. */
  readonly ratio?: number;
  /** Whether the faults are a mean of sampled runs, held against the bound with a confidence interval; exact if absent. */
  readonly sampled?: boolean;
}

export const HOLDS: Finding = {};

/** How a law is tried, each in turn until one finds the law broken. */
export type Engine = 'families' | 'exhaustive' | 'random' | 'search';

/** A law: what every policy must obey, or every policy that declares something. */
export interface Law {
  readonly name: string;
  /** The law in words. */
  readonly statement: string;
  readonly engines: readonly Engine[];
  /** Longest sequence of the exhaustive engine where predictions are enumerated too. */
  readonly exhaustiveLength: number;
  /** Whether the law bounds faults, which for a randomised policy means to walk its coins. */
  readonly boundsFaults: boolean;
  /** What may be wrong with the predictions of the instances that it is tried on. */
  readonly damages: readonly Damage[];
  /** Why a policy is not held to the law, or undefined where it is. */
  readonly exempts: (policy: CatalogPolicy) => string | undefined;
  /** Depends on nothing but its arguments. Errors of the policy pass through. */
  readonly check: (policy: CatalogPolicy, instance: Instance) => Finding;
}

/** What a policy of one's own may lack. */
const METHODS = ['hit', 'load', 'victim', 'remove'] as const;

/** A fresh cache for one run on an instance. */
export function startCache(
  policy: CatalogPolicy,
  { sequence, capacity, seed }: Instance,
  random: Random = new SeededRandom(seed),
): Cache {
  const { pageCount } = sequence;
  const run: Partial<Policy> | null | undefined = policy.create({ capacity, pageCount, random, sequence });
  for (const method of METHODS)
    if (typeof run?.[method] !== 'function')
      throw new Error(`create(run) returns no policy: ${method}() is missing`);
  return new Cache(capacity, pageCount, run as Policy);
}

/** Holds a policy to a law on one instance; an error of the policy is a complaint too. */
export function examine(law: Law, policy: CatalogPolicy, instance: Instance): Finding {
  try {
    return law.check(policy, instance);
  } catch (error) {
    return { complaint: oneLine(error) };
  }
}

/** An error in one line, with its kind where that says something. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error && error.name === 'Error' ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}
