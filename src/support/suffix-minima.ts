/**
 * A sequence of numbers that grows at its end and knows the least number of every suffix. The minima never decrease with
 * the start of the suffix, so they are kept as their increments, in a union-find structure that skips the zeros. Every
 * operation takes amortised O(log size) (path halving; Tarjan and van Leeuwen 1984), and few steps as measured.
 *
 * @example
 * const minima = new SuffixMinima(3);
 * minima.append(2);
 * minima.append(1);
 * minima.lower(1); // true: the numbers are now 1 and 0
 * minima.lower(0); // false: the least number from 0 on is 0
 */
export class SuffixMinima {
  /**
   * At index i + 1 the increment at i if it is positive, else −j, where no increment is positive behind index j up to
   * here. Index 0 ends every search.
   */
  private readonly cells: Int32Array;
  private length = 0;
  /** The least number of the shortest suffix, which is the sum of all increments. */
  private last = 0;
  /** No increment behind this index is positive. */
  private top = 0;

  /** @param size most numbers that will be appended before the next `clear` */
  constructor(size: number) {
    this.cells = new Int32Array(size + 1);
    this.cells[0] = 1;
  }

  clear(): void {
    this.length = 0;
    this.last = 0;
    this.top = 0;
  }

  /** @param value an integer ≥ 0 */
  append(value: number): void {
    const index = ++this.length;
    if (value > this.last) {
      this.cells[index] = value - this.last;
      this.top = index;
    } else {
      for (let excess = this.last - value; excess > 0; ) {
        this.top = this.find(this.top);
        const taken = Math.min(this.cells[this.top], excess);
        this.take(this.top, taken);
        excess -= taken;
      }
      this.cells[index] = -this.top;
    }
    this.last = value;
  }

  /**
   * Takes 1 from every number from `start` on, if all of them are at least 1.
   *
   * @param start 0 … length − 1
   * @returns whether it did
   */
  lower(start: number): boolean {
    const index = this.find(start + 1);
    if (index === 0) return false;
    this.take(index, 1);
    this.last--;
    return true;
  }

  private take(index: number, amount: number): void {
    const rest = this.cells[index] - amount;
    this.cells[index] = rest > 0 ? rest : 1 - index;
  }

  /** The last index at or before `index` whose increment is positive, or 0. */
  private find(index: number): number {
    const cells = this.cells;
    for (let cell = cells[index]; cell <= 0; cell = cells[index]) {
      const next = cells[-cell];
      if (next > 0) return -cell;
      cells[index] = next;
      index = -next;
    }
    return index;
  }
}
