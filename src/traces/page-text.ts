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
  for (const { text, number } of linesOf(bytes)) {
    // `Number` alone would also take signs, fractions, exponents and hexadecimal digits.
    const identifier = /^\d+$/.test(text) ? Number(text) : -1;
    if (identifier < 0 || !Number.isSafeInteger(identifier)) {
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
