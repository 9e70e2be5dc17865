/** Where logarithmic axes are marked, so that labels stand apart also at the upper end. */

/** So many capacities can be told apart as marks of an axis, wherever they lie, and so many numbers spread evenly. */
const MOST_CAPACITIES = 6;
const MOST_NUMBERS = 9;

/**
 * The marks of an axis of capacities: the capacities themselves where they are few; else the numbers 1, 2 and 5 times a power of ten,
 * of which there must be two, or the powers of ten alone where these are too many.
 *
 * @param capacities ascending
 * @param domain limits of the axis, positive
 *
 * @example
 * capacityTicks([40, 396], [35, 455]); // [40, 396]
 */
export function capacityTicks(
  capacities: readonly number[],
  [low, high]: readonly [number, number],
): readonly number[] {
  if (capacities.length <= MOST_CAPACITIES) return capacities;
  const powers = powersOfTen(low / 10, high);
  const round = powers
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((number) => number >= low && number <= high);
  if (round.length < 2) return capacities;
  return round.length <= MOST_NUMBERS ? round : powersOfTen(low, high);
}

/** The powers of ten within limits. */
export function powersOfTen(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let power = 10 ** Math.ceil(Math.log10(low)); power <= high; power *= 10) powers.push(power);
  return powers;
}
