import { Failure } from '../support/failure.ts';
import type { ColumnNames } from '../traces/columns.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';

/** Options that several commands share. */
export const TRAIN_FRACTION = {
  type: 'number',
  default: 0.6,
  describe: 'share of the accesses to train on, the first',
} as const;

export const SEED = {
  type: 'number',
  default: 1,
  describe: 'seed of everything random, an integer ≥ 0',
} as const;

/** The folder of the result store. A hidden one in the current folder, so that a sweep that is typed again is resumed. */
export const STORE = {
  type: 'string',
  default: '.onebit',
  describe: 'folder of finished cells and trained models, also ONEBIT_STORE; --no-store keeps nothing',
} as const;

export const SESSIONS = {
  type: 'number',
  describe: 'how many agent sessions to take, the first of the file; all if absent',
} as const;

/** @throws Failure for anything but a positive integer */
export function checkSessions(sessions: number): number {
  if (Number.isSafeInteger(sessions) && sessions > 0) return sessions;
  throw new Failure('--sessions: must be a positive integer, for example 100');
}

/** @throws Failure for anything but an integer in least … most */
export function whole(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Failure(`--${option}: must be a whole number in ${least} … ${most}`);
}

/** @throws Failure for a seed that is not an integer ≥ 0 */
export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Failure('--seed: must be an integer ≥ 0, for example 1');
}

/**
 * Reads a list of cache sizes such as `1000,5000`.
 *
 * @throws Failure for anything but positive integers
 */
export function parseCapacities(text: string): number[] {
  return text.split(',').map((part) => {
    const capacity = Number(part);
    if (part.trim() !== '' && Number.isSafeInteger(capacity) && capacity > 0 && capacity < 2 ** 31)
      return capacity;
    throw new Failure(
      `--capacity: “${part}” is not a positive integer; give cache sizes in blocks, for example 1000,5000`,
    );
  });
}

/** Bytes of each unit. */
const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  ...{ kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
  ...{ kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
};

/**
 * Reads a list of cache sizes in bytes such as `64MB,1.5GiB`: KB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of
 * 1024, B is one.
 *
 * @returns `undefined` if no part has a unit; then the sizes are in pages
 * @throws Failure for anything but positive whole numbers of bytes, and where only some parts have a unit
 */
export function parseByteCapacities(text: string): number[] | undefined {
  const parts = text.split(',').map((part) => part.trim());
  if (!parts.some((part) => /[a-z]$/i.test(part) && /^[\d.]/.test(part))) return undefined;
  return parts.map((part) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kmgt]?i?b)$/i.exec(part) ?? [];
    const bytes = Number(number) * (UNITS[unit?.toLowerCase()] ?? Number.NaN);
    // What a fraction loses to binary arithmetic is far below a byte.
    const whole = Math.round(bytes);
    if (Math.abs(bytes - whole) < 1e-3 && whole > 0 && whole <= Number.MAX_SAFE_INTEGER) return whole;
    throw new Failure(
      `--capacity: “${part}” is not a number of bytes; give cache sizes all in bytes, with B, KB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (of 1024), for example 64MB,1GiB`,
    );
  });
}

/** The option that says which columns of a table mean what. */
export const COLUMNS = {
  type: 'string',
  describe:
    'columns of a table for page, time, size and cost, by name or position from 1; found by usual names if absent',
} as const;

/**
 * Reads columns such as `page=lbn,time=2`.
 *
 * @throws Failure for anything else
 */
export function parseColumns(text: string): ColumnNames {
  const pairs = text.split(',').map((part) => {
    const [, column, name] = /^(page|time|size|cost)=(.+)$/.exec(part.trim()) ?? [];
    if (column !== undefined) return [column, name] as const;
    throw new Failure(
      `--columns: “${part}” names no column; give page=…, time=…, size=… or cost=… with a name or a position from 1, as in page=lbn,time=2`,
    );
  });
  return Object.fromEntries(pairs);
}

/** The cache size used where none is asked for: a fortieth of the distinct blocks, to one significant digit. */
export function defaultCapacity(trace: Pick<ServingTrace, 'blocks'>): number {
  const capacity = Math.max(trace.blocks.pageCount / 40, 1);
  const digit = 10 ** Math.floor(Math.log10(capacity));
  return Math.round(capacity / digit) * digit;
}

/** The command as it must be typed in a shell to run it again. */
export function commandLine(): string {
  const quoted = (argument: string) =>
    /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
  return ['onebit', ...process.argv.slice(2).map(quoted)].join(' ');
}
