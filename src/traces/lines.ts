import { Failure } from '../support/failure.ts';

/** A line of a text file: its trimmed text and its number, counted from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

const NEWLINE = 10;

/**
 * The lines of a file that are not blank. Decoded one by one, so that a file may be longer than the longest string.
 *
 * @example
 * [...linesOf(Buffer.from('a\n\nb'))]; // [{ text: 'a', number: 1 }, { text: 'b', number: 3 }]
 */
export function* linesOf(bytes: Buffer): Generator<Line> {
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const text = bytes.toString('utf8', start, end).trim();
    if (text !== '') yield { text, number };
    start = end + 1;
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
