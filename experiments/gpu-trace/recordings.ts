/** The recordings that the project ships, and what was measured on them: expected.json. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Capacity, then name of the row. */
export type HitRatios = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface Shipped {
  readonly name: string;
  /** What it was recorded on, in words. */
  readonly machine: string;
  /** In blocks; chosen where LRU and the optimum differ on the training part. */
  readonly capacities: readonly number[];
  readonly hitRatio: HitRatios;
}

const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
export const RECORDINGS: readonly Shipped[] = expected.recordings;
export const SEEDS: number = expected.seeds;
/** As `onebit replay` calls the model of all of them. */
export const MODEL = 'smollm2-135m';

export function tracePath(name: string): string {
  return shippedPath(`${name}.onebit`);
}

/** The table of requests with their times. */
export function tablePath(name: string): string {
  return shippedPath(`${name}.csv`);
}

function shippedPath(file: string): string {
  return fileURLToPath(new URL(`../../traces/${file}`, import.meta.url));
}
