import { Failure } from '../support/failure.ts';
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
