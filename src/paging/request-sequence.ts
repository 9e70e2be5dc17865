import { assert } from '../support/failure.ts';

/**
 * A request sequence: which page is asked for at each step. Pages are dense integers 0 … pageCount − 1, interned once
 * when a trace is read, so that every hot structure is a typed array indexed by page.
 */
export interface RequestSequence {
  readonly pages: Uint32Array;
  /** Size of the universe: one more than the largest page. */
  readonly pageCount: number;
}

/**
 * Numbers arbitrary page identifiers in the order of their first request. O(1) expected an identifier.
 *
 * @param identifiers one per request
 *
 * @example
 * requestSequence(['a', 'b', 'a']).pages; // Uint32Array [0, 1, 0]
 */
export function requestSequence(identifiers: Iterable<string | number | bigint>): RequestSequence {
  const numbers = new Map<string | number | bigint, number>();
  const pages: number[] = [];
  for (const identifier of identifiers) {
    let page = numbers.get(identifier);
    if (page === undefined) {
      page = numbers.size;
      numbers.set(identifier, page);
    }
    pages.push(page);
  }
  return { pages: Uint32Array.from(pages), pageCount: numbers.size };
}

/**
 * The first `length` requests, over the same universe; a view, not a copy.
 *
 * @param length 0 … number of requests
 */
export function prefix(sequence: RequestSequence, length: number): RequestSequence {
  assert(length >= 0 && length <= sequence.pages.length, `prefix length ${length} is outside the sequence`);
  return { pages: sequence.pages.subarray(0, length), pageCount: sequence.pageCount };
}
