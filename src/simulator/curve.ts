import type { RequestSequence } from '../paging/request-sequence.ts';
import { lruStackDistances } from './lru-stack-distances.ts';
import { optStackDistances } from './opt-stack-distances.ts';
import type { CurveRecord } from './result.ts';

/** The faults of LRU and OPT on one request sequence at every capacity, from an empty cache. */
export interface Curves {
  /** Number of requests, at least one. */
  readonly requests: number;
  /** Faults at capacity 0 … pageCount; a larger cache has the same as the last. */
  readonly lru: Uint32Array;
  readonly opt: Uint32Array;
}

/**
 * Computes both curves exactly, in one run over the requests each.
 *
 * @param sequence at least one request
 *
 * @example
 * curves({ pages: Uint32Array.of(0, 1, 2, 0, 1), pageCount: 3 }).opt; // Uint32Array [5, 5, 4, 3]
 */
export function curves(sequence: RequestSequence): Curves {
  const requests = sequence.pages.length;
  return {
    requests,
    lru: faultsAtEveryCapacity(lruStackDistances(sequence), requests),
    opt: faultsAtEveryCapacity(optStackDistances(sequence), requests),
  };
}

/** A request hits at its stack distance and at every larger capacity. */
function faultsAtEveryCapacity(distances: Uint32Array, requests: number): Uint32Array {
  let faults = requests;
  return distances.map((hits) => {
    faults -= hits;
    return faults;
  });
}

/** Both curves at one capacity ≥ 1, as a record. */
export function curveRecord(trace: string, { requests, lru, opt }: Curves, capacity: number): CurveRecord {
  const last = Math.min(capacity, lru.length - 1);
  const [lruFaults, optFaults] = [lru[last], opt[last]];
  return {
    trace,
    capacity,
    requests,
    lruFaults,
    optFaults,
    lruHitRatio: 1 - lruFaults / requests,
    optHitRatio: 1 - optFaults / requests,
  };
}

/** The capacities at which a curve changes, and 1: between two of them both stay as they are. Ascending. */
export function capacitiesOfChange({ lru, opt }: Curves): number[] {
  const capacities = [1];
  for (let capacity = 2; capacity < lru.length; capacity++) {
    if (lru[capacity] !== lru[capacity - 1] || opt[capacity] !== opt[capacity - 1]) capacities.push(capacity);
  }
  return capacities;
}

/** Capacities from 1 to the last at which a curve changes, as `spread` spreads them. */
export function spreadCapacities(curves: Curves, count: number): number[] {
  return spread(capacitiesOfChange(curves).at(-1) as number, count);
}

/**
 * Capacities from 1 to `last`, spread evenly on a logarithmic scale, each rounded to two digits but for the last.
 * Ascending.
 *
 * @param count about how many, at least 2
 */
export function spread(last: number, count: number): number[] {
  const capacities = new Set<number>();
  for (let i = 0; i < count - 1; i++) {
    const capacity = Math.round(last ** (i / (count - 1)));
    const digit = 10 ** Math.max(0, Math.floor(Math.log10(capacity)) - 1);
    capacities.add(Math.min(last, Math.round(capacity / digit) * digit));
  }
  return [...capacities.add(last)];
}
