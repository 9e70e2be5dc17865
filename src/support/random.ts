/** A source of coins. Everything randomised takes one as an argument, so that a test can enumerate the coins. */
export interface Random {
  /**
   * A uniform integer in 0 … n − 1.
   *
   * @param n number of outcomes, 1 … 2³²
   */
  below(n: number): number;
}

/**
 * Seeded random numbers: the sfc32 generator of Chris Doty-Humphrey (PractRand), 128 bits of state, O(1) a draw.
 * The same seed gives the same run on every machine.
 *
 * @example
 * const random = new SeededRandom(1);
 * random.below(6) + 1; // a die
 */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any safe integer */
  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 2 ** 32) | 0;
    this.c = 0x9e3779b9 | 0;
    // Twelve rounds spread a small seed over the whole state, as the generator's author recommends.
    for (let round = 0; round < 12; round++) this.bits();
  }

  /** Thirty-two uniform bits, as an integer in 0 … 2³² − 1. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A uniform number in [0, 1) with 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  below(n: number): number {
    // Multiplying instead of taking a remainder; the bias is below n / 2⁵³ and so not measurable.
    return Math.floor(this.uniform() * n);
  }

  /** A draw from the normal distribution with mean 0 and variance 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A draw from the exponential distribution with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }
}
