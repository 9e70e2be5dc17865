/** How the classical policies read their parameters. */
import { Failure } from '../../support/failure.ts';

/**
 * A number of slots given as a share of the cache, rounded down but at least 1.
 *
 * @param capacity k
 * @param name the parameter, for the message
 * @param share 0 … 1
 * @throws Failure where the share is larger
 *
 * @example
 * slotShare(1000, 'small', 0.1); // 100
 */
export function slotShare(capacity: number, name: string, share: number): number {
  if (share > 1) throw new Failure(`${name}=${share} is not a share of the cache; give a number from 0 to 1`);
  return Math.max(1, Math.floor(capacity * share));
}

/**
 * A parameter that counts something.
 *
 * @throws Failure where it is not a whole number from `least` to `most`
 */
export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Failure(`${name}=${value} is not possible; give a whole number from ${least} to ${most}`);
}
