/** Measured times to read prompts, and what a cost model takes from them. */
import { readFileSync } from 'node:fs';
import { Failure } from '../support/failure.ts';
import { type Geometry, prefillOperations } from './geometry.ts';

/** One prompt that a device has read. */
export interface PromptTime {
  /** Tokens that were computed, ≥ 1, after `cached` ones whose keys and values were there. */
  readonly tokens: number;
  readonly cached: number;
  /** From the start of reading to the first token of the answer, > 0. */
  readonly seconds: number;
}

/** What prompts cost on a device as it is used. */
export interface PromptFit {
  /** Operations a second that are reached. */
  readonly operations: number;
  /** Seconds that every prompt takes besides, however short: launching kernels, bookkeeping. */
  readonly overhead: number;
}

/**
 * Fits a constant and a speed to measured times, by least squares of the relative errors, so that short prompts count as
 * much as long ones. O(prompts).
 *
 * @throws Failure if the times tell no speed: fewer than two lengths of prompts, or times that do not grow with them
 *
 * @example
 * const times = [{ tokens: 100, cached: 0, seconds: 0.3 }, { tokens: 200, cached: 0, seconds: 0.5 }];
 * fitPromptTimes(findGeometry('smollm2-135m'), times).overhead; // about 0.1
 */
export function fitPromptTimes(geometry: Geometry, times: readonly PromptTime[]): PromptFit {
  // seconds ≈ overhead + x / speed, divided by seconds: 1 ≈ overhead · u + v / speed
  const sums = { uu: 0, uv: 0, vv: 0, u: 0, v: 0 };
  for (const { tokens, cached, seconds } of times) {
    const [u, v] = [1 / seconds, prefillOperations(geometry, tokens, cached) / seconds];
    sums.uu += u * u;
    sums.uv += u * v;
    sums.vv += v * v;
    sums.u += u;
    sums.v += v;
  }
  const determinant = sums.uu * sums.vv - sums.uv ** 2;
  const overhead = (sums.u * sums.vv - sums.v * sums.uv) / determinant;
  const fit =
    overhead > 0
      ? { overhead, operations: determinant / (sums.uu * sums.v - sums.uv * sums.u) }
      : { overhead: 0, operations: sums.vv / sums.v };
  // Sums of equal lengths cancel but for rounding.
  if (!(determinant > 1e-12 * sums.uu * sums.vv && fit.operations > 0))
    throw new Failure(
      `${times.length} prompts tell no speed: their times must grow with their length; measure prompts of several lengths`,
    );
  return fit;
}

/**
 * Reads a table (CSV) with the columns `prompt` (tokens), `cached` (tokens of them that were reused) and `seconds`, in any
 * order among others. Where a column `coldSeconds` has a value, that is one more time, of the whole prompt without reuse.
 *
 * @throws Failure naming the line and the remedy
 */
export function readPromptTimes(path: string): PromptTime[] {
  const [head, ...lines] = readLines(path);
  const names = head.split(',').map((name) => name.trim());
  const [prompt, cached, seconds] = ['prompt', 'cached', 'seconds'].map((name) => {
    if (names.includes(name)) return names.indexOf(name);
    throw new Failure(
      `${path}:1: no column “${name}”; the table needs the columns prompt, cached and seconds`,
    );
  });
  const cold = names.indexOf('coldSeconds');
  return lines.flatMap((line, i) => {
    const values = line.split(',');
    const [whole, reused, warm] = [prompt, cached, seconds].map((at) =>
      Number(values[at]?.trim() || Number.NaN),
    );
    if (!(Number.isInteger(whole) && Number.isInteger(reused) && reused >= 0 && whole > reused && warm > 0))
      throw new Failure(
        `${path}:${i + 2}: “${line}” is no prompt of more tokens than were reused, read in more than 0 seconds; correct or remove the line`,
      );
    const without = Number(values[cold]?.trim() || 0);
    return [
      { tokens: whole - reused, cached: reused, seconds: warm },
      ...(without > 0 ? [{ tokens: whole, cached: 0, seconds: without }] : []),
    ];
  });
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\r?\n/);
  } catch (error) {
    throw new Failure(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); give a table of prompts`,
    );
  }
}
