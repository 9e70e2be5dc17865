/** Small instances, all of them: what holds on every one is either true or fails only where it is hard to see. */
import type { Bits } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';

/**
 * Every request sequence of 1 … `length` requests to at most `pages` pages, up to renaming the pages: no policy looks at
 * a page's name, so one sequence stands for all its renamings. It is the one whose pages are numbered in the order of
 * their first request (a *restricted-growth string*); so 4 pages and length 7 are 976 sequences and not 21,844. Shorter
 * sequences first.
 *
 * @param pages most distinct pages, a positive integer
 * @param length longest length
 *
 * @example
 * [...requestSequences(2, 2)].map(({ pages }) => pages.join('')); // ['0', '00', '01']
 */
export function* requestSequences(pages: number, length: number): Generator<RequestSequence> {
  for (let exact = 1; exact <= length; exact++) yield* extensions([], 0, pages, exact);
}

function* extensions(
  given: number[],
  distinct: number,
  pages: number,
  length: number,
): Generator<RequestSequence> {
  if (given.length === length) {
    yield { pages: Uint32Array.from(given), pageCount: distinct };
    return;
  }
  for (let page = 0; page <= distinct && page < pages; page++) {
    yield* extensions([...given, page], Math.max(distinct, page + 1), pages, length);
  }
}

/**
 * Every string of bits, in ascending order as binary numbers; 2^`length` of them.
 *
 * @param length number of bits, 0 … 30
 *
 * @example
 * [...bitStrings(2)].map((bits) => bits.join('')); // ['00', '01', '10', '11']
 */
export function* bitStrings(length: number): Generator<Bits> {
  for (let number = 0; number < 2 ** length; number++) {
    yield Uint8Array.from({ length }, (_, i) => (number >>> (length - 1 - i)) & 1);
  }
}
