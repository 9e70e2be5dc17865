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

/** Serves the requests `from … to − 1` and returns how many were faults. */
export type Serve = (from: number, to: number) => number;

/** What can be served piece by piece and is no policy: where the pages stand, and packages that hold an LRU. */
export const RIVALS: Readonly<Record<string, (setting: Setting) => Serve>> = {
  'bare-loop': bareLoop,
  'lru-cache': lruCache,
  mnemonist,
};

/** What takes the whole sequence at once: the faults at every capacity. */
export const CURVES: Readonly<Record<string, (sequence: RequestSequence) => Uint32Array>> = {
  'lru-distances': lruStackDistances,
  'opt-distances': optStackDistances,
};

export function isPolicy(name: string): boolean {
  return !(name in RIVALS || name in CURVES);
}

/**
 * Makes a run ready.
 *
 * @param name of `RIVALS`, of `CURVES`, or of a policy that needs nothing or discard bits
 */
export function prepare(name: string, setting: Setting): Serve {
  const { sequence, bits, capacity } = setting;
  if (name in RIVALS) return RIVALS[name](setting);
  if (name in CURVES) return () => faultsAt(capacity, CURVES[name](sequence), sequence);
  const predictions = findPolicy(name).needs === 'discard bit' ? bits : undefined;
  const cache = cacheFor(name, setting);
  return (from, to) => cache.serve(sequence, predictions, from, to);
}

/** A fresh cache run by a policy, coins with seed 1. */
export function cacheFor(name: string, { sequence, capacity }: Omit<Setting, 'bits'>): Cache {
  const { pageCount } = sequence;
  const run = { capacity, pageCount, random: new SeededRandom(1), sequence };
  return new Cache(capacity, pageCount, findPolicy(name).create(run));
}

/** Looks up where each page is, as every simulator must, and does nothing else. */
function bareLoop({ sequence: { pages, pageCount } }: Setting): Serve {
  const place = new Int32Array(pageCount);
  return (from, to) => {
    for (let i = from; i < to; i++) place[pages[i]] ^= i;
    return 0;
  };
}

function lruCache({ sequence: { pages }, capacity }: Setting): Serve {
  const cache = new LRUCache<number, number>({ max: capacity });
  return (from, to) => {
    let faults = 0;
    for (let i = from; i < to; i++) {
      if (cache.get(pages[i]) !== undefined) continue;
      cache.set(pages[i], i);
      faults++;
    }
    return faults;
  };
}

function mnemonist({ sequence: { pages }, capacity }: Setting): Serve {
  // With typed arrays for keys and values, as its manual advises for speed.
  const cache = new LRUMap<number, number>(Uint32Array, Uint32Array, capacity);
  return (from, to) => {
    let faults = 0;
    for (let i = from; i < to; i++) {
      if (cache.get(pages[i]) !== undefined) continue;
      cache.set(pages[i], i);
      faults++;
    }
    return faults;
  };
}

/** The faults that a whole curve tells for one capacity. */
function faultsAt(capacity: number, distances: Uint32Array, { pages }: RequestSequence): number {
  let hits = 0;
  for (let distance = 1; distance <= capacity; distance++) hits += distances[distance];
  return pages.length - hits;
}
