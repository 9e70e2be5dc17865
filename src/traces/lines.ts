import { Failure } from '../support/failure.ts';

/** A line of a text file: where its text lies, without the blanks around it, and its number, counted from 1. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly number: number;
}

const NEWLINE = 10;
const SPACE = 32;

/**
 * The lines of a file that are not blank, as places: a reader decodes what it needs, and a file may be longer than the
 * longest string. Spaces and control characters count as blanks. O(length).
 *
 * @example
 * [...linesOf(Buffer.from('a\n\n b'))]; // [{ start: 0, end: 1, number: 1 }, { start: 4, end: 5, number: 3 }]
 */
export function* linesOf(bytes: Buffer): Generator<Line> {
  for (let next = 0, number = 1; next < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, next);
    let start = next;
    let end = newline < 0 ? bytes.length : newline;
    next = end + 1;
    while (start < end && bytes[start] <= SPACE) start++;
    while (start < end && bytes[end - 1] <= SPACE) end--;
    if (start < end) yield { start, end, number };
  }
}

/** A piece of a bad input as one line of at most 40 characters, fit for a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** The failure of every reader on a file without requests. */
export function emptyTrace(path: string): Failure {
  return new Failure(`${path}: the trace is empty; give a file with at least one request`);
}
