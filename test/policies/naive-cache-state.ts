/** Trust&Doubt and F&R as one would write them from their description: plain sets, every choice by a scan. */
import assert from 'node:assert/strict';
import { NO_PAGE } from '../../src/paging/policy.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import type { Random } from '../../src/support/random.ts';

/** What a naive run is given. */
export interface Task {
  readonly sequence: RequestSequence;
  readonly capacity: number;
  /** For each request the page that the predicted cache gives up, or `NO_PAGE`. */
  readonly states: Float64Array;
  readonly random: Random;
}

type Pages = Set<number>;

const lowest = (pages: Iterable<number>, value: (page: number) => number): number => {
  const sorted = [...pages].sort((a, b) => value(a) - value(b));
  assert(sorted.length > 0, 'nothing to choose from');
  return sorted[0];
};
const minus = (pages: Iterable<number>, ...others: readonly Iterable<number>[]): number[] =>
  [...pages].filter((page) => !others.some((other) => new Set(other).has(page)));

/** The predicted cache after each request. */
export function predictedCaches({ sequence, capacity, states }: Task): Pages[] {
  const { pages } = sequence;
  let cache: number[] = [];
  return Array.from(pages, (page, step) => {
    // Least recently requested first.
    cache = [...minus(cache, [page]), page];
    if (states[step] !== page && cache.includes(states[step])) cache = minus(cache, [states[step]]);
    cache = cache.slice(-capacity);
    return new Set(cache);
  });
}

/** Faults of a cache that follows the given ones, a page that they lack and that was loaded first leaving. */
export function follow({ sequence, capacity }: Task, caches: readonly Pages[]): number {
  let faults = 0;
  // In order of loading.
  let real: number[] = [];
  sequence.pages.forEach((page, step) => {
    assert(caches[step].has(page) && caches[step].size <= capacity, 'not the cache after a request');
    if (real.includes(page)) return;
    faults++;
    if (real.length === capacity) real = minus(real, [minus(real, caches[step])[0]]);
    real.push(page);
  });
  return faults;
}

/** The caches of Trust&Doubt, before the real one follows them. */
export function trustAndDoubtCaches(task: Task): Pages[] {
  const { sequence, capacity, random } = task;
  const predicted = predictedCaches(task);
  const last = new Map<number, number>();
  const lru = (pages: Iterable<number>) => lowest(pages, (page) => last.get(page) ?? -1);
  const cache: Pages = new Set();
  let [ancient, stale, marked]: Pages[] = [new Set(), new Set(), new Set()];
  const priority = new Map<number, number>();
  let clean: { accused: number; trusts: boolean; since: number; length: number }[] = [];
  let isFirst = true;
  return Array.from(sequence.pages, (page, step) => {
    last.set(page, step);
    const arrives = !marked.has(page);
    if (arrives && marked.size === capacity) {
      ancient = new Set(minus(cache, marked, [page]));
      stale = new Set(minus(cache, ancient));
      const undrawn = [...stale].sort((a, b) => a - b);
      for (let place = undrawn.length; place > 0; place--) {
        const drawn = random.below(place);
        priority.set(undrawn[drawn], place);
        undrawn[drawn] = undrawn[place - 1];
      }
      [marked, clean, isFirst] = [new Set(), [], false];
    }
    marked.add(page);
    const settled = !isFirst && ancient.size === 0;
    ancient.delete(page);
    if (!cache.has(page) && cache.size === capacity) {
      const unloved = minus(ancient, predicted[step]);
      const victim = settled
        ? lowest(
            minus(
              [...stale].filter((other) => cache.has(other)),
              marked,
            ),
            (other) => priority.get(other) ?? -1,
          )
        : lru(unloved.length > 0 ? unloved : ancient);
      cache.delete(victim);
      ancient.delete(victim);
    }
    cache.add(page);
    if (!settled) return new Set(cache);
    const accuse = () =>
      lru(
        minus(
          new Set([...stale, ...marked]),
          predicted[step],
          clean.map(({ accused }) => accused),
        ),
      );
    if (arrives && !stale.has(page))
      clean.push({ accused: accuse(), trusts: true, since: marked.size - 1, length: 1 });
    for (const one of clean) {
      if (one.accused !== page) continue;
      Object.assign(one, { accused: accuse(), trusts: false, since: marked.size });
      break;
    }
    for (const one of arrives ? clean : []) {
      if (marked.size - one.since !== one.length) continue;
      if (!one.trusts) one.length *= 2;
      Object.assign(one, { trusts: true, since: marked.size });
      if (!cache.delete(one.accused)) continue;
      const condemned = clean.filter(({ trusts }) => trusts).map(({ accused }) => accused);
      cache.add(lowest(minus(stale, marked, cache, condemned), (other) => -(priority.get(other) ?? -1)));
    }
    return new Set(cache);
  });
}

/** The caches of F&R, before the real one follows them; `optimum` are the optimal faults of each prefix. */
export function followerAndRobustCaches(task: Task, optimum: readonly number[]): Pages[] {
  const { sequence, capacity, random } = task;
  const { pages } = sequence;
  const predicted = predictedCaches(task);
  const choose = (among: readonly number[]) => among[random.below(among.length)];
  const before = (step: number) => [...new Set([...pages.slice(0, step)].reverse())];
  let cache: Pages = new Set();
  let told: Pages = new Set();
  let [old, marked]: Pages[] = [new Set(), new Set()];
  let [isRobust, faults, paid] = [false, 0, 0];
  return Array.from(pages, (page, step) => {
    if (isRobust && marked.size === capacity && !marked.has(page))
      [isRobust, faults, paid] = [false, 0, optimum[step]];
    if (!isRobust && !cache.has(page)) {
      faults++;
      if (!told.has(page) && faults <= optimum[step + 1] - paid) told = predicted[step];
      if (told.has(page)) {
        const recent = before(step);
        if (cache.size === capacity)
          cache.delete(lowest(minus(cache, told), (other) => -recent.indexOf(other)));
        cache.add(page);
      } else {
        isRobust = true;
        old = new Set(minus(before(step), [page]).slice(0, capacity));
        [cache, marked] = [new Set(old), new Set()];
      }
    }
    if (!isRobust) return new Set(cache);
    if (!marked.has(page)) {
      marked.add(page);
      const window = Math.floor(Math.log2(capacity / (capacity - marked.size + 1)));
      const begin = (i: number) => capacity - Math.floor(capacity / 2 ** i) + 1;
      // The last window that has begun; rounding can put the logarithm one off.
      const i =
        [window + 1, window, window - 1].find(
          (one) => one >= 0 && 2 ** one <= capacity && begin(one) <= marked.size,
        ) ?? 0;
      const gap = Math.max(1, Math.floor((begin(i + 1) - begin(i)) / 2 ** (i + 1)));
      if ((marked.size - begin(i)) % gap === 0) told = predicted[step];
      if (marked.size === begin(i)) {
        for (const back of minus(told, marked, cache).filter((other) => old.has(other))) {
          const strays = minus(cache, marked, told);
          if (strays.length === 0) break;
          cache.delete(choose(strays));
          cache.add(back);
        }
      }
    }
    if (!cache.has(page)) {
      const strays = old.has(page) ? [] : minus(cache, marked, told);
      cache.delete(choose(strays.length > 0 ? strays : minus(cache, marked)));
      cache.add(page);
    }
    return new Set(cache);
  });
}

/** States that know nothing: at each request some page, or none. */
export function randomStates({ sequence }: Pick<Task, 'sequence'>, random: Random): Float64Array {
  return Float64Array.from(sequence.pages, () => {
    const page = random.below(sequence.pageCount + 1);
    return page === sequence.pageCount ? NO_PAGE : page;
  });
}
