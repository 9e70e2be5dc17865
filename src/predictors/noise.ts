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

/**
 * Flips all bits of a serving request together, each request independently with probability p: the errors of a predictor that
 * misjudges a conversation, not a block.
 *
 * @param firstBlock index of each request's first bit, and the number of bits at the end
 * @param p 0 … 1
 */
export function flipRequests(bits: Bits, firstBlock: Uint32Array, p: number, random: SeededRandom): Bits {
  const flipped = bits.slice();
  for (let request = 0; request + 1 < firstBlock.length; request++) {
    if (random.uniform() >= p) continue;
    for (let i = firstBlock[request]; i < firstBlock[request + 1]; i++) flipped[i] = 1 - bits[i];
  }
  return flipped;
}

/**
 * Flips bits in bursts: runs of flipped bits and runs of true ones take turns, both of geometric length, the former of
 * `length` bits in the mean and a share p of all bits. The errors of a predictor that is out of date for a while.
 *
 * @param p 0 … 1, the expected share of flipped bits
 * @param length mean length of a burst, ≥ 1
 */
export function flipBursts(bits: Bits, p: number, length: number, random: SeededRandom): Bits {
  // The chance that a burst begins at a true bit, so that the share of flipped bits is p from the first bit on.
  const begin = p < 1 ? Math.min(1, p / (1 - p) / length) : 1;
  // Where bursts cannot be rare enough for their length, true bits come one at a time and bursts get longer.
  const end = p < 1 ? (begin * (1 - p)) / p : 0;
  let inBurst = random.uniform() < p;
  return bits.map((bit) => {
    const flipped = inBurst ? 1 - bit : bit;
    inBurst = inBurst ? random.uniform() >= end : random.uniform() < begin;
    return flipped;
  });
}

/** Every bit the opposite: the worst predictor, wrong at each request. */
export function invertBits(bits: Bits): Bits {
  return bits.map((bit) => 1 - bit);
}

/** Bits that know nothing: 0 or 1 with probability ½ each. */
export function randomBits(count: number, random: SeededRandom): Bits {
  return new Uint8Array(count).map(() => random.below(2));
}
