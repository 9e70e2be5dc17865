/** What the readers of JSON Lines share: one object a line, and its numbers. */
import { Failure } from '../support/failure.ts';
import { shown } from './lines.ts';

export type Fields = Record<string, unknown>;

const LARGEST_LENGTH = 2 ** 32 - 1;
/** The longest string has 2²⁹ − 24 characters. */
const LONGEST_LINE = 2 ** 28;

/**
 * The object in a line.
 *
 * @param place of the line, what failures begin with
 * @throws Failure if there is no JSON object
 */
export function fieldsOf(bytes: Buffer, start: number, end: number, place: string): Fields {
  if (end - start > LONGEST_LINE)
    throw new Failure(`${place}: the line is longer than 256 MiB; write one request a line`);
  const text = bytes.toString('utf8', start, end);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure(`${place}: ${shown(text)} is not JSON; correct or delete the line`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure(`${place}: ${shown(text)} is not a JSON object; write one request a line`);
  }
  return value as Fields;
}

/** A number of tokens. @throws Failure if the field is none */
export function lengthOf(request: Fields, field: string, place: string): number {
  const length = request[field];
  if (!Number.isInteger(length) || (length as number) < 0 || (length as number) > LARGEST_LENGTH) {
    throw new Failure(
      `${place}: ${field} must be an integer in 0 … 2^32 − 1, found ${shown(length)}; correct the line`,
    );
  }
  return length as number;
}
