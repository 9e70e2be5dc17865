import type { RequestSequence } from '../src/paging/request-sequence.ts';
import { zipfSequence } from '../src/traces/zipf.ts';
import { cacheFor } from './contestants.ts';

/** Memory of a cache and its policy, in bytes. */
export interface Footprint {
  readonly perPage: number;
  readonly perSlot: number;
  /** Beside the requests themselves; not 0 only for a policy that is given the future. */
  readonly perRequest: number;
}

/** Powers of two, at which no array is rounded up. */
const PAGES = 2 ** 14;
const SLOTS = 2 ** 11;
const REQUESTS = 2 ** 14;

/** Measures what grows with the universe, with the cache and with the trace, from the sizes of all typed arrays after a run. */
export function footprint(policy: string): Footprint {
  const base = bytes(policy, PAGES, SLOTS, REQUESTS);
  return {
    perPage: (bytes(policy, 2 * PAGES, SLOTS, REQUESTS) - base) / PAGES,
    perSlot: (bytes(policy, PAGES, 2 * SLOTS, REQUESTS) - base) / SLOTS,
    perRequest: (bytes(policy, PAGES, SLOTS, 2 * REQUESTS) - base) / REQUESTS,
  };
}

/** Some structures grow as they are used, so each is used: by requests of which every second one has the bit 1. */
function bytes(policy: string, pageCount: number, capacity: number, requests: number): number {
  const { pages } = zipfSequence(requests, PAGES, 1, 1);
  const sequence: RequestSequence = { pages, pageCount };
  const cache = cacheFor(policy, { sequence, capacity });
  cache.serve(
    sequence,
    Uint8Array.from(pages, (_, i) => i & 1),
  );
  return reachable(cache, new Set([sequence]));
}

/** Bytes of the typed arrays that an object holds, itself or through others, each counted once. */
function reachable(value: unknown, seen: Set<object>): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.values(value).reduce((sum: number, part) => sum + reachable(part, seen), 0);
}
