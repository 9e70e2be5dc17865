/** What the benchmark can time: every policy by name, and beside them loops and packages to compare with. */
import { LRUCache } from 'lru-cache';
import { LRUMap } from 'mnemonist';
import { Cache } from '../src/paging/cache.ts';
import type { Bits } from '../src/paging/policy.ts';
import type { RequestSequence } from '../src/paging/request-sequence.ts';
import { findPolicy } from '../src/policies/find-policy.ts';
import { lruStackDistances } from '../src/simulator/lru-stack-distances.ts';
import { optStackDistances } from '../src/simulator/opt-stack-distances.ts';
import { SeededRandom } from '../src/support/random.ts';

/** What every contestant is given. */
export interface Setting {
  readonly sequence: RequestSequence;
  readonly capacity: number;
  /** True discard bits. */
  readonly bits: Bits;
}

/** One run, which returns its faults. Whatever is made before it does not count. */
export type Timed = () => number;

/** The contestants that are no policies. */
export const RIVALS: Readonly<Record<string, (setting: Setting) => Timed>> = {
  'bare-loop': bareLoop,
  'lru-cache': lruCache,
  mnemonist,
  'lru-distances': ({ sequence, capacity }) => {
    return () => missesAt(capacity, lruStackDistances(sequence), sequence);
  },
  'opt-distances': ({ sequence, capacity }) => {
    return () => missesAt(capacity, optStackDistances(sequence), sequence);
  },
};

/**
 * Makes a run ready.
 *
 * @param name of `RIVALS`, or of a policy that needs nothing or discard bits
 */
export function prepare(name: string, setting: Setting): Timed {
  const rival = RIVALS[name];
  if (rival !== undefined) return rival(setting);
  const { sequence, bits } = setting;
  const needsBits = findPolicy(name).needs === 'discard bit';
  const cache = cacheFor(name, setting);
  return () => cache.serve(sequence, needsBits ? bits : undefined);
}

/** A fresh cache run by a policy, coins with seed 1. */
export function cacheFor(name: string, { sequence, capacity }: Omit<Setting, 'bits'>): Cache {
  const { pageCount } = sequence;
  const run = { capacity, pageCount, random: new SeededRandom(1), sequence };
  return new Cache(capacity, pageCount, findPolicy(name).create(run));
}

/** Looks up where each page is, as every simulator must, and does nothing else. */
function bareLoop({ sequence: { pages, pageCount } }: Setting): Timed {
  const place = new Int32Array(pageCount);
  return () => {
    for (let i = 0; i < pages.length; i++) place[pages[i]] ^= i;
    return 0;
  };
}

function lruCache({ sequence: { pages }, capacity }: Setting): Timed {
  const cache = new LRUCache<number, number>({ max: capacity });
  return () => {
    let faults = 0;
    for (let i = 0; i < pages.length; i++) {
      if (cache.get(pages[i]) !== undefined) continue;
      cache.set(pages[i], i);
      faults++;
    }
    return faults;
  };
}

function mnemonist({ sequence: { pages }, capacity }: Setting): Timed {
  // With typed arrays for keys and values, as its manual advises for speed.
  const cache = new LRUMap<number, number>(Uint32Array, Uint32Array, capacity);
  return () => {
    let faults = 0;
    for (let i = 0; i < pages.length; i++) {
      if (cache.get(pages[i]) !== undefined) continue;
      cache.set(pages[i], i);
      faults++;
    }
    return faults;
  };
}

/** The faults that a whole curve tells for one capacity. */
function missesAt(capacity: number, distances: Uint32Array, { pages }: RequestSequence): number {
  let hits = 0;
  for (let distance = 1; distance <= capacity; distance++) hits += distances[distance];
  return pages.length - hits;
}
