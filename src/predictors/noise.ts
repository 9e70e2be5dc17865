/** Predictions made from the truth by damaging it: the standard instances of the theory. */
import type { Bits } from '../paging/policy.ts';
import type { SeededRandom } from '../support/random.ts';

/**
 * Flips each bit independently with probability p.
 *
 * @param p 0 … 1; 0 gives the bits themselves, 1 their inverse
 */
export function flipBits(bits: Bits, p: number, random: SeededRandom): Bits {
  return bits.map((bit) => (random.uniform() < p ? 1 - bit : bit));
}

/** Every bit the opposite: the worst predictor, wrong at each request. */
export function invertBits(bits: Bits): Bits {
  return bits.map((bit) => 1 - bit);
}

/** Bits that know nothing: 0 or 1 with probability ½ each. */
export function randomBits(count: number, random: SeededRandom): Bits {
  return new Uint8Array(count).map(() => random.below(2));
}
