/** The laws that compare two runs of one policy: on the same instance, on another future, in a larger cache. */
import type { CatalogPolicy } from '../../paging/definition.ts';
import { SeededRandom } from '../../support/random.ts';
import type { Instance } from '../instance.ts';
import { otherPredictions } from '../predictions.ts';
import { HOLDS, type Law, startCache } from './law.ts';
import { plainLaw } from './structure.ts';

/** The pages in the slots after each request, one row a request. */
function contents(policy: CatalogPolicy, instance: Instance, until: number): Uint32Array {
  const cache = startCache(policy, instance);
  const { capacity, sequence, predictions } = instance;
  const rows = new Uint32Array(until * capacity);
  for (let step = 0; step < until; step++) {
    cache.request(sequence.pages[step], predictions[step]);
    rows.set(cache.pageIn, step * capacity);
  }
  return rows;
}

/** The first request after which two runs differ, or −1. */
function firstDifference(one: Uint32Array, other: Uint32Array, capacity: number): number {
  const at = one.findIndex((page, i) => page !== other[i]);
  return at < 0 ? -1 : Math.floor(at / capacity);
}

export const reproducibility: Law = {
  ...plainLaw,
  name: 'reproducibility',
  statement: 'the same seed gives the same run',
  exempts: () => undefined,
  check: (policy, instance) => {
    const { length } = instance.sequence.pages;
    const one = contents(policy, instance, length);
    const step = firstDifference(one, contents(policy, instance, length), instance.capacity);
    if (step < 0) return HOLDS;
    return {
      complaint: `two runs with seed ${instance.seed} differ after step ${step}; toss only run.random`,
    };
  },
};

export const coins: Law = {
  ...plainLaw,
  name: 'coins',
  statement: 'a policy that is not declared randomised tosses no coin',
  exempts: ({ randomised }) => (randomised ? 'randomised' : undefined),
  check: (policy, instance) => {
    let tosses = 0;
    const random = new SeededRandom(instance.seed);
    const counted = {
      below: (n: number) => {
        tosses++;
        return random.below(n);
      },
    };
    startCache(policy, instance, counted).serve(instance.sequence, instance.predictions);
    return tosses === 0 ? HOLDS : { complaint: `it tossed ${tosses} coins; declare randomised: true` };
  },
};

/** Futures tried for one instance: all if it is short. */
const FUTURES = 4;

export const causality: Law = {
  ...plainLaw,
  name: 'causality',
  statement: 'what a policy does now does not change when the future does',
  exempts: ({ offline }) => (offline ? 'offline' : undefined),
  check: (policy, instance) => {
    const { length } = instance.sequence.pages;
    const random = new SeededRandom(instance.seed + 0xca5a1);
    const one = contents(policy, instance, length);
    for (let future = 0; future < Math.min(FUTURES, length); future++) {
      const now = length <= FUTURES ? future : random.below(length);
      const other = contents(policy, withOtherFuture(policy, instance, now), now);
      const step = firstDifference(one.subarray(0, other.length), other, instance.capacity);
      if (step >= 0)
        return {
          complaint: `what it holds after step ${step} depends on what is requested from step ${now} on`,
        };
    }
    return HOLDS;
  },
};

/** The same instance up to `now`; after it other pages and other predictions. */
function withOtherFuture(policy: CatalogPolicy, instance: Instance, now: number): Instance {
  const { pages, pageCount } = instance.sequence;
  const other = otherPredictions(policy.needs, instance.predictions);
  return {
    ...instance,
    sequence: {
      pages: pages.map((page, i) => (i < now ? page : (page + 1 + (i % 2)) % pageCount)),
      pageCount,
    },
    predictions: instance.predictions.map((prediction, i) => (i < now ? prediction : other[i])),
  };
}

export const inclusion: Law = {
  ...plainLaw,
  name: 'inclusion',
  statement: 'a stack policy holds in a cache of size k + 1 all that it holds in one of size k',
  exempts: ({ stack }) => (stack ? undefined : 'not declared'),
  check: (policy, instance) => {
    const small = startCache(policy, instance);
    const large = startCache(policy, { ...instance, capacity: instance.capacity + 1 });
    const { pages } = instance.sequence;
    for (let step = 0; step < pages.length; step++) {
      small.request(pages[step], instance.predictions[step]);
      large.request(pages[step], instance.predictions[step]);
      for (const page of small.pageIn)
        if (small.slotOf[page] >= 0 && large.slotOf[page] < 0)
          return { complaint: `after step ${step} only the smaller cache holds page ${page}` };
    }
    return HOLDS;
  },
};
