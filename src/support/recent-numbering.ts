import { LinkedLists } from './linked-lists.ts';

/**
 * Numbers integer keys densely, 0 … size − 1, though ever new ones arrive: when all numbers are given, the key that was
 * touched longest ago is forgotten and its number given again. O(1) expected an operation.
 *
 * @example
 * const numbering = new RecentNumbering(2, () => {});
 * numbering.add(70); // 0
 * numbering.add(80); // 1
 * numbering.touch(0);
 * numbering.add(90); // 1, and 80 is forgotten
 */
export class RecentNumbering {
  private readonly numbers = new Map<number, number>();
  private readonly keys: Float64Array;
  private readonly order: LinkedLists;
  private readonly forget: (number: number) => void;

  /**
   * @param size how many keys are known at most
   * @param forget told of a number just before it is given to another key
   */
  constructor(size: number, forget: (number: number) => void) {
    this.keys = new Float64Array(size);
    this.order = new LinkedLists(size, 1);
    this.forget = forget;
  }

  /** How many keys are known. */
  get count(): number {
    return this.numbers.size;
  }

  /** The number of a key, −1 if it is not known. */
  find(key: number): number {
    return this.numbers.get(key) ?? -1;
  }

  /** A number becomes the most recently touched one. */
  touch(number: number): void {
    this.order.moveToEnd(0, number);
  }

  /** Numbers a key that is not known. */
  add(key: number): number {
    const fresh = this.numbers.size < this.keys.length;
    const number = fresh ? this.numbers.size : this.order.first(0);
    if (fresh) {
      this.order.append(0, number);
    } else {
      this.forget(number);
      this.numbers.delete(this.keys[number]);
      this.order.moveToEnd(0, number);
    }
    this.keys[number] = key;
    this.numbers.set(key, number);
    return number;
  }
}
