/** One instance of the paging problem: what a law is checked on, what an engine makes, and what a failure prints. */
import { readFileSync } from 'node:fs';
import type { PredictionKind, Predictions } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';

export interface Instance {
  readonly sequence: RequestSequence;
  /** k */
  readonly capacity: number;
  /** One per request; zeros for a policy that needs nothing. */
  readonly predictions: Predictions;
  /** Of the policy's coins, and of what a law draws itself. */
  readonly seed: number;
}

/** Pages beyond this would only cost memory: renumber them. */
const MOST_PAGES = 1_000_000;

/** An instance of these pages, its universe as small as they allow. */
export function makeInstance(
  pages: ArrayLike<number>,
  capacity: number,
  predictions: Predictions = new Uint8Array(pages.length),
  seed = 1,
): Instance {
  const numbers = Uint32Array.from(pages);
  const pageCount = numbers.reduce((most, page) => Math.max(most, page), 0) + 1;
  return { sequence: { pages: numbers, pageCount }, capacity, predictions, seed };
}

/**
 * Writes an instance as one line of JSON, the way `parseInstance` reads it.
 *
 * @param withPredictions false for a policy that needs nothing
 *
 * @example
 * formatInstance(makeInstance([0, 1, 0], 1), false); // '{"pages":[0,1,0],"capacity":1,"seed":1}'
 */
export function formatInstance(instance: Instance, withPredictions: boolean): string {
  const { sequence, capacity, predictions, seed } = instance;
  const pages = [...sequence.pages];
  return JSON.stringify(
    withPredictions ? { pages, capacity, predictions: [...predictions], seed } : { pages, capacity, seed },
  );
}

/**
 * Reads an instance: `{"pages":[0,1,2,0],"capacity":2,"predictions":[0,1,0,0],"seed":1}`; predictions are zeros and the seed is
 * 1 if absent.
 *
 * @param text the JSON itself if it begins with a brace, else the name of a file that holds it
 * @param needs what the predictions are; bits must be 0 or 1
 * @throws Failure in one line that names the place and the field
 */
export function parseInstance(text: string, needs: PredictionKind = 'nothing'): Instance {
  const inline = text.trimStart().startsWith('{');
  const place = inline ? '--replay' : text;
  const value = parseJson(inline ? text : readText(text), place);
  const { pages, capacity, predictions, seed = 1 } = value;
  const isPage = (page: number) => Number.isInteger(page) && page >= 0 && page < MOST_PAGES;
  if (!isListOf(pages, isPage))
    throw new Failure(
      `${place}: “pages” must be a list of integers from 0 to ${MOST_PAGES - 1}, as in [0,1,0]`,
    );
  if (!Number.isSafeInteger(capacity) || (capacity as number) < 1 || (capacity as number) > MOST_PAGES)
    throw new Failure(`${place}: “capacity” must be an integer from 1 to ${MOST_PAGES}`);
  if (!Number.isSafeInteger(seed)) throw new Failure(`${place}: “seed” must be an integer`);
  if (predictions === undefined) return makeInstance(pages, capacity as number, undefined, seed as number);
  if (!isListOf(predictions, Number.isFinite) || predictions.length !== pages.length)
    throw new Failure(
      `${place}: “predictions” must be a list of numbers, one for each of the ${pages.length} pages`,
    );
  if (needs.endsWith('bit') && !predictions.every((bit) => bit === 0 || bit === 1))
    throw new Failure(`${place}: “predictions” must be 0 or 1, since the policy needs a ${needs}`);
  return makeInstance(pages, capacity as number, Float64Array.from(predictions), seed as number);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new Failure(
      `${file}: cannot be read (${code}); give an instance as JSON or the name of a file with one`,
    );
  }
}

function parseJson(text: string, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the one message for everything that is no object.
  }
  throw new Failure(`${place}: is not a JSON object; write {"pages":[0,1,0],"capacity":1}`);
}

function isListOf(value: unknown, isGood: (element: number) => boolean): value is number[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'number' && isGood(element));
}
