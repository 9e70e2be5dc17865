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
    const lineEnd = newline < 0 ? bytes.length : newline;
    const start = afterBlanks(bytes, next, lineEnd);
    const end = beforeBlanks(bytes, start, lineEnd);
    next = lineEnd + 1;
    if (start < end) yield { start, end, number };
  }
}

/**
 * Calls `read` with the place of every line that is not blank, blanks at its ends included: of every line that has ended,
 * and at the end of the file also of the last one. For text that comes in pieces; much faster than `linesOf`.
 *
 * @param last whether the file ends with these bytes
 * @param number of lines before them
 * @returns up to where the bytes were read, and the number of lines up to there
 */
export function forEachLine(
  bytes: Buffer,
  last: boolean,
  number: number,
  read: (start: number, end: number, number: number) => void,
): { used: number; number: number } {
  let next = 0;
  while (next < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, next);
    if (newline < 0 && !last) break;
    const end = newline < 0 ? bytes.length : newline;
    number++;
    if (afterBlanks(bytes, next, end) < end) read(next, end, number);
    next = end + 1;
  }
  return { used: Math.min(next, bytes.length), number };
}

/** Where the first byte that is no blank stands, or `end`. */
export function afterBlanks(bytes: Buffer, start: number, end: number): number {
  while (start < end && bytes[start] <= SPACE) start++;
  return start;
}

/** One beyond the last byte that is no blank, or `start`. */
export function beforeBlanks(bytes: Buffer, start: number, end: number): number {
  while (start < end && bytes[end - 1] <= SPACE) end--;
  return end;
}

/** A piece of a bad input as one line of at most 40 characters, fit for a message. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** The failure of every reader on a file without requests. */
export function emptyTrace(path: string): Failure {
  return new Failure(`${path}: the trace is empty; give a file with at least one request`);
}
