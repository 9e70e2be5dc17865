/** Counters have four bits. */
const MOST = 15;

/**
 * How often each integer in 0 … size − 1 was counted of late: counters up to 15, all halved, rounding down, whenever
 * `sample` counts have been made since the counters were whole; a halving also halves the number of counts made. O(1) a
 * call: a counter is halved when it is next read, by the number of halvings since it was written. 4 bytes an integer.
 *
 * @example
 * const counts = new AgeingCounts(8, 100);
 * counts.add(3);
 * counts.of(3); // 1
 */
export class AgeingCounts {
  /** The number of halvings when it was written, times 16, plus the counter. */
  private readonly counters: Uint32Array;
  private readonly sample: number;
  private halvings = 0;
  private made = 0;

  /**
   * @param size one more than the largest integer
   * @param sample counts until a halving, at least 2
   */
  constructor(size: number, sample: number) {
    this.counters = new Uint32Array(size);
    this.sample = sample;
  }

  of(index: number): number {
    const written = this.counters[index];
    const halvings = this.halvings - (written >>> 4);
    return halvings > 3 ? 0 : (written & MOST) >> halvings;
  }

  add(index: number): void {
    const count = Math.min(MOST, this.of(index) + 1);
    this.counters[index] = (this.halvings << 4) | count;
    if (++this.made < this.sample) return;
    this.made >>>= 1;
    this.halvings++;
  }
}
