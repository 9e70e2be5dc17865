/** Traces of single pages as text: one page identifier a line, as in the Brightkite and CitiBike instances. */
import { basename } from 'node:path';
import { requestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';
import { emptyTrace, linesOf, shown } from './lines.ts';
import { pageTrace } from './page-trace.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * Reads one page identifier a line: a non-negative integer up to 2⁵³ − 1. Blank lines are skipped. The format has no
 * times: request i arrives at second i. O(length of the text).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the line that is no page identifier, or that the trace is empty
 *
 * @example
 * readPageText(Buffer.from('7\n9\n7\n'), 'small.txt').blocks.pages; // Uint32Array [0, 1, 0]
 */
export function readPageText(bytes: Buffer, path: string): ServingTrace {
  const identifiers: number[] = [];
  for (const { start, end, number } of linesOf(bytes)) {
    const identifier = wholeNumber(bytes, start, end);
    if (identifier < 0) {
      const text = bytes.toString('utf8', start, end);
      throw new Failure(
        `${path}:${number}: ${shown(text)} is not a page identifier; write one integer in 0 … 2^53 − 1 a line`,
      );
    }
    identifiers.push(identifier);
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
