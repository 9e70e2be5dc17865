import type { Random } from './random.ts';

/**
 * A uniformly random order of integers in 0 … size − 1, drawn one integer at a time: each takes a uniformly random rank
 * among those drawn before. So n integers toss at most n! different ways, where random real numbers would have no
 * finite tree of coins. A search tree by rank, which needs no balancing because ranks are random: O(log n) expected for
 * a new integer, O(1) for a known one.
 *
 * @example
 * const order = new RandomOrder(3, new SeededRandom(1));
 * order.key(2) < order.key(0); // with probability ½, and the same answer ever after
 */
export class RandomOrder {
  private readonly random: Random;
  /** Keys in (0, 1); 0 where nothing is drawn yet. */
  private readonly keys: Float64Array;
  /** Children in the tree at 2i and 2i + 1, −1 for none; sizes of the trees below. */
  private readonly children: Int32Array;
  private readonly sizes: Int32Array;
  private root = -1;

  /** @param size one more than the largest integer that can be drawn */
  constructor(size: number, random: Random) {
    this.random = random;
    this.keys = new Float64Array(size);
    this.children = new Int32Array(2 * size).fill(-1);
    this.sizes = new Int32Array(size);
  }

  /**
   * A number that stands for the rank of `index`: keys compare as ranks do. A later draw may change keys, but not how
   * they compare; so compare keys only with keys asked for after the latest draw.
   */
  key(index: number): number {
    if (this.keys[index] === 0) this.draw(index);
    return this.keys[index];
  }

  /** Whether the rank of `a` is below the rank of `b`. */
  isBelow(a: number, b: number): boolean {
    this.key(a);
    const key = this.key(b);
    return this.key(a) < key;
  }

  private draw(index: number): void {
    const { children, sizes } = this;
    this.sizes[index] = 1;
    if (this.root < 0) {
      this.root = index;
      this.keys[index] = 0.5;
      return;
    }
    // Number of integers that shall stand before this one among those below the current node.
    let before = this.random.below(sizes[this.root] + 1);
    let [low, high] = [0, 1];
    for (let node = this.root; ; ) {
      sizes[node]++;
      const left = children[2 * node];
      const leftSize = left < 0 ? 0 : sizes[left];
      const side = before <= leftSize ? 0 : 1;
      if (side === 0) high = this.keys[node];
      else {
        low = this.keys[node];
        before -= leftSize + 1;
      }
      const next = children[2 * node + side];
      if (next < 0) {
        children[2 * node + side] = index;
        break;
      }
      node = next;
    }
    this.keys[index] = (low + high) / 2;
    // Halving an interval again and again exhausts a floating-point number; then all keys are spread anew.
    if (this.keys[index] <= low || this.keys[index] >= high) this.spread();
  }

  private spread(): void {
    const { children, keys } = this;
    const count = this.sizes[this.root];
    const path: number[] = [];
    let rank = 0;
    for (let node = this.root; node >= 0 || path.length > 0; ) {
      for (; node >= 0; node = children[2 * node]) path.push(node);
      const visited = path.pop() as number;
      keys[visited] = ++rank / (count + 1);
      node = children[2 * visited + 1];
    }
  }
}
