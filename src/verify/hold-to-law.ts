/** Tries one law on one policy with the engines that fit it, and makes what breaks it small. */
import fc from 'fast-check';
import type { CatalogPolicy } from '../paging/definition.ts';
import { oneLine } from '../support/failure.ts';
import { arbitraryInstances } from './engines/arbitrary-instances.ts';
import { climb } from './engines/climb.ts';
import { smallInstances } from './engines/exhaustive.ts';
import { families } from './engines/families.ts';
import { minimise } from './engines/minimise.ts';
import type { Instance } from './instance.ts';
import { type Engine, examine, type Finding, type Law } from './laws/law.ts';

/** What one engine did. */
export interface Trial {
  readonly engine: Engine | 'replay';
  readonly instances: number;
  /** How many of them were decided by a confidence interval; the others are exact. */
  readonly sampled: number;
}

/** How a law was broken. */
export interface Violation {
  readonly complaint: string;
  readonly engine: Engine | 'replay';
  /** A minimal instance that breaks it. */
  readonly instance: Instance | undefined;
  /** Requests of the instance that was found first. */
  readonly requests: number;
}

export interface Outcome {
  readonly law: Law;
  /** Why the policy is not held to it. */
  readonly exempt?: string;
  readonly trials: readonly Trial[];
  /** Of laws that bound faults: the largest share of the bound that was used, the largest ratio to OPT, both for k ≥ 2. */
  readonly largest?: { readonly load: number; readonly ratio: number };
  readonly violation?: Violation;
}

const RANDOM_RUNS = 1000;
/** Without coins to walk a bound is checked fast, and chance needs many tries to break one. */
const RANDOM_BOUND_RUNS = 4000;

/**
 * Holds a policy to a law.
 *
 * @param seed of everything random
 * @param watch told of each instance before it is tried
 */
export function holdToLaw(
  law: Law,
  policy: CatalogPolicy,
  seed: number,
  watch: (instance: Instance) => void = () => {},
): Outcome {
  const exempt = law.exempts(policy);
  if (exempt !== undefined) return { law, exempt, trials: [] };
  const trials: Trial[] = [];
  let [load, ratio] = [0, 0];
  for (const engine of law.engines) {
    let instances = 0;
    let sampled = 0;
    const examined = (instance: Instance): Finding => {
      watch(instance);
      const finding = examine(law, policy, instance);
      instances++;
      if (finding.sampled) sampled++;
      // With one slot every policy is the optimum.
      if (instance.capacity > 1) {
        load = Math.max(load, finding.load ?? 0);
        ratio = Math.max(ratio, finding.ratio ?? 0);
      }
      return finding;
    };
    const violation = tryEngine(engine, law, policy, seed, examined);
    trials.push({ engine, instances, sampled });
    if (violation !== undefined) return { law, trials, violation };
  }
  return { law, trials, ...(law.boundsFaults && { largest: { load, ratio } }) };
}

function tryEngine(
  engine: Engine,
  law: Law,
  policy: CatalogPolicy,
  seed: number,
  examined: (instance: Instance) => Finding,
): Violation | undefined {
  const isBad = (instance: Instance) => examined(instance).complaint !== undefined;
  try {
    const found = ENGINES[engine](law, policy, seed, examined);
    if (found === undefined) return undefined;
    const instance = minimise(found, isBad);
    const { complaint = 'it broke the law once, and not again on the same instance' } = examined(instance);
    return { complaint, engine, instance, requests: found.sequence.pages.length };
  } catch (error) {
    // An engine that runs the policy to make its instances meets the errors of the policy itself.
    return { complaint: oneLine(error), engine, instance: undefined, requests: 0 };
  }
}

type Search = (
  law: Law,
  policy: CatalogPolicy,
  seed: number,
  examined: (instance: Instance) => Finding,
) => Instance | undefined;

const ENGINES: Readonly<Record<Engine, Search>> = {
  families: (_law, policy, _seed, examined) => firstBad(families(policy), examined),
  exhaustive: (law, policy, _seed, examined) => firstBad(smallInstances(policy, law), examined),
  random: (law, policy, seed, examined) => {
    const holds = (instance: Instance) => examined(instance).complaint === undefined;
    const numRuns = law.boundsFaults && !policy.randomised ? RANDOM_BOUND_RUNS : RANDOM_RUNS;
    const outcome = fc.check(fc.property(arbitraryInstances(policy, law), holds), { seed, numRuns });
    return outcome.counterexample?.[0];
  },
  search: (law, policy, seed, examined) => climb(policy, law, examined, seed),
};

function firstBad(
  instances: Iterable<Instance>,
  examined: (instance: Instance) => Finding,
): Instance | undefined {
  for (const instance of instances) if (examined(instance).complaint !== undefined) return instance;
  return undefined;
}
