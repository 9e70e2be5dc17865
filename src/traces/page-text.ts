/** Traces of single pages as text: one page identifier a line, as in the Brightkite and CitiBike instances. */
import { basename } from 'node:path';
import { requestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';
import { emptyTrace, linesOf, shown } from './lines.ts';
import { pageTrace } from './page-trace.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * Reads one page identifier a line: a non-negative integer up to 2⁵³ − 1, or a hash of at least 16 letters
 * and digits. Anything shorter that is no integer is refused: it is more likely a heading or a slip than a page. Blank
 * lines are skipped. The format has no times: request i arrives at second i. O(length of the text).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the line that is no page identifier, or that the trace is empty
 *
 * @example
 * readPageText(Buffer.from('7\n9\n7\n'), 'small.txt').blocks.pages; // Uint32Array [0, 1, 0]
 */
export function readPageText(bytes: Buffer, path: string): ServingTrace {
  const identifiers: (number | string)[] = [];
  for (const { start, end, number } of linesOf(bytes)) {
    const integer = wholeNumber(bytes, start, end);
    identifiers.push(
      integer >= 0 ? integer : hash(bytes.toString('latin1', start, end), `${path}:${number}`),
    );
  }
  if (identifiers.length === 0) throw emptyTrace(path);
  const time = Float64Array.from({ length: identifiers.length }, (_, step) => step);
  return pageTrace(basename(path), requestSequence(identifiers), time);
}

const ZERO = 48;

/** The number written in decimal digits alone, −1 if there is anything else or more than 2⁵³ − 1. */
function wholeNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : -1;
}

function hash(text: string, place: string): string {
  if (/^[0-9a-z]{16,}$/i.test(text)) return text;
  throw new Failure(
    `${place}: ${shown(text)} is not a page identifier; write one a line: an integer in 0 … 2^53 − 1, or a hash of at least 16 letters and digits`,
  );
}
