/** Faults against the exact optimum: what a policy promises, held against what it does. */
import { optimalFaults } from '../../paging/belady.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import { harmonic } from '../../paging/guarantee.ts';
import type { Bits } from '../../paging/policy.ts';
import { predictionError } from '../../paging/prediction-error.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
import type { Instance } from '../instance.ts';
import { DAMAGES, trueBits, truePredictions } from '../predictions.ts';
import { type Finding, HOLDS, type Law } from './law.ts';
import { meanFaults } from './mean-faults.ts';

/** Rounding of the additions of an exact expectation. */
const ROUNDING = 1e-9;

const boundLaw = { exhaustiveLength: 7, boundsFaults: true, damages: DAMAGES } as const;

/** Most faults that are allowed, and why so many. */
interface Allowance {
  readonly optimum: number;
  readonly most: number;
  /** The part of it that does not grow with the sequence. */
  readonly additive: number;
  readonly because: string;
}

/** What is true of a sequence at one capacity, whatever is predicted. */
interface Truth {
  readonly needs: CatalogPolicy['needs'];
  readonly optimum: number;
  readonly labels: readonly Bits[];
}

/** The exhaustive engine asks for the same sequence under every string of bits. */
const truths = new WeakMap<RequestSequence, Map<number, Truth>>();

function truthOf({ needs }: CatalogPolicy, { sequence, capacity }: Instance): Truth {
  const known = truths.get(sequence) ?? new Map<number, Truth>();
  truths.set(sequence, known);
  const before = known.get(capacity);
  if (before?.needs === needs) return before;
  const optimum = optimalFaults(sequence, capacity);
  const truth = { needs, optimum, labels: trueBits(needs, sequence, capacity) };
  known.set(capacity, truth);
  return truth;
}

/** Holds the expected faults against an allowance. */
function hold(policy: CatalogPolicy, instance: Instance, allowance: Allowance): Finding {
  const { optimum, most, additive, because } = allowance;
  const faults = meanFaults(policy, instance, most);
  // Faults before the bound begins to bite say nothing: an additive constant is never used up by a ratio.
  const load = most > additive ? (faults.mean - additive) / (most - additive) : 0;
  const sampled = faults.runs > 0;
  const found = { load, ratio: faults.mean / Math.max(optimum, 1), sampled };
  if (faults.atLeast <= most + ROUNDING) return found;
  const count = `${format(faults.mean)} ${policy.randomised ? 'expected faults' : 'faults'}`;
  const how = sampled
    ? ` (mean of ${faults.runs} runs, at least ${format(faults.atLeast)} with confidence)`
    : '';
  return { ...found, complaint: `${count}${how}, at most ${format(most)} promised: ${because}` };
}

/** The faults that the declared guarantee allows on an instance: the least over the labels on which errors may be counted. */
export function guaranteed(policy: CatalogPolicy, instance: Instance): Allowance | undefined {
  const { guarantee } = policy;
  if (guarantee === undefined) return undefined;
  const { capacity: k, predictions } = instance;
  const { optimum, labels } = truthOf(policy, instance);
  const [alpha, beta, gamma] = [guarantee.alpha(k), guarantee.beta(k), guarantee.gamma(k)];
  const additive = guarantee.additive(k);
  const bits = Uint8Array.from(predictions);
  let least: Allowance | undefined;
  for (const label of labels) {
    const { eta0, eta1 } = predictionError(bits, label);
    const most = alpha * optimum + beta * eta0 + gamma * eta1 + additive;
    if (least !== undefined && least.most <= most) continue;
    const because = `k ${k}, OPT ${optimum}, η0 ${eta0}, η1 ${eta1}, (α, β, γ) = (${[alpha, beta, gamma].map(format).join(', ')})`;
    least = { optimum, most, additive, because };
  }
  if (least !== undefined) return least;
  const because = `k ${k}, OPT ${optimum}, α = ${format(alpha)}`;
  return { optimum, most: alpha * optimum + additive, additive, because };
}

const checkGuarantee: Law['check'] = (policy, instance) => {
  const allowance = guaranteed(policy, instance);
  return allowance === undefined ? HOLDS : hold(policy, instance, allowance);
};

export const guarantee: Law = {
  ...boundLaw,
  name: 'guarantee',
  statement: 'expected faults are at most the declared α·OPT + β·η0 + γ·η1, against the exact optimum',
  engines: ['exhaustive', 'random', 'search'],
  exempts: (policy) => (policy.guarantee === undefined ? 'not declared' : undefined),
  check: checkGuarantee,
};

export const damage: Law = {
  ...boundLaw,
  damages: DAMAGES.filter((kind) => kind !== 'none' && kind !== 'nearly true'),
  name: 'damage',
  statement: 'the guarantee survives predictions that are all 0, all 1, inverted, random or adversarial',
  engines: ['random', 'search'],
  exempts: (policy) =>
    policy.needs === 'nothing'
      ? 'needs nothing'
      : policy.guarantee === undefined
        ? 'not declared'
        : undefined,
  check: checkGuarantee,
};

export const robustness: Law = {
  ...boundLaw,
  damages: damage.damages,
  name: 'robustness',
  statement: 'whatever is predicted, expected faults ≤ the declared robustness times OPT',
  engines: ['exhaustive', 'random', 'search'],
  exempts: (policy) => (policy.robustness === undefined ? 'not declared' : undefined),
  check: (policy, instance) => {
    const ratio = policy.robustness?.(instance.capacity) ?? Number.POSITIVE_INFINITY;
    return hold(policy, instance, ratioAllowance(policy, instance, ratio, 'whatever is predicted'));
  },
};

export const consistency: Law = {
  ...boundLaw,
  name: 'consistency',
  statement: 'on true predictions expected faults ≤ the declared consistency times OPT',
  engines: ['exhaustive', 'random'],
  exempts: (policy) => (policy.consistency === undefined ? 'not declared' : undefined),
  check: (policy, instance) => {
    const ratio = policy.consistency?.(instance.capacity) ?? Number.POSITIVE_INFINITY;
    const allowance = ratioAllowance(policy, instance, ratio, 'on true predictions');
    let last: Finding = HOLDS;
    for (const predictions of truePredictions(policy.needs, instance.sequence, instance.capacity)) {
      last = hold(policy, { ...instance, predictions }, allowance);
      if (last.complaint !== undefined) return last;
    }
    return last;
  },
};

function ratioAllowance(policy: CatalogPolicy, instance: Instance, ratio: number, when: string): Allowance {
  const { optimum } = truthOf(policy, instance);
  return {
    optimum,
    most: ratio * optimum,
    additive: 0,
    because: `k ${instance.capacity}, OPT ${optimum}, ratio ${format(ratio)} ${when}`,
  };
}

/** Below the lower bounds of docs/certificates.md, section 4, by no more than rounding. */
const belowBound = (value: number, bound: number) => value < bound - ROUNDING;

export const lowerBounds: Law = {
  ...boundLaw,
  name: 'lower bounds',
  statement: 'no more is promised than is possible, and it is kept on the families that show it',
  engines: ['families'],
  exempts: (policy) =>
    policy.guarantee === undefined ? 'not declared' : policy.offline ? 'offline' : undefined,
  check: (policy, instance) => {
    const found = checkGuarantee(policy, instance);
    if (found.complaint !== undefined || policy.guarantee === undefined) return found;
    const k = instance.capacity;
    const [alpha, beta, gamma] = [
      policy.guarantee.alpha(k),
      policy.guarantee.beta(k),
      policy.guarantee.gamma(k),
    ];
    // With 0s alone η0 ≤ OPT; with 1s alone η1 is at most all requests but OPT. Only discard bits are bound by it.
    const [least, spread] = policy.randomised ? [harmonic(k), (k + 1) * harmonic(k) - 1] : [k, k - 1];
    if (policy.needs === 'phase bit') return found;
    if (belowBound(alpha + beta, least))
      return {
        ...found,
        complaint: `α + β = ${format(alpha + beta)}, below ${format(least)}, which is impossible for k ${k}`,
      };
    if (belowBound(alpha + spread * gamma, least))
      return {
        ...found,
        complaint: `α + ${format(spread)}γ = ${format(alpha + spread * gamma)}, below ${format(least)}, which is impossible for k ${k}`,
      };
    return found;
  },
};

/** At most four decimals. */
function format(value: number): string {
  return String(Math.round(value * 1e4) / 1e4);
}
