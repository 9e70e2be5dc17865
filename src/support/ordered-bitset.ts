/**
 * A set of integers in 0 … size − 1 that finds its largest member, or the largest below a bound, in O(log₃₂ size): a
 * bitset with a summary bitset above it, and so on up to a single word. 1.04 bits an integer.
 *
 * @example
 * const set = new OrderedBitset(1_000_000);
 * set.add(12);
 * set.lastBelow(1_000_000); // 12
 */
export class OrderedBitset {
  private readonly levels: Int32Array[] = [];
  /** The lowest level, where most additions and deletions end. */
  private readonly words: Int32Array;

  /** @param size one more than the largest integer that can be a member */
  constructor(size: number) {
    // One more, so that a search may begin at `size` itself.
    let words = size + 1;
    do {
      words = Math.ceil(words / 32);
      this.levels.push(new Int32Array(words));
    } while (words > 1);
    this.words = this.levels[0];
  }

  add(index: number): void {
    const word = index >>> 5;
    const before = this.words[word];
    this.words[word] = before | (1 << index);
    if (before === 0) this.addAbove(word);
  }

  delete(index: number): void {
    const word = index >>> 5;
    const after = this.words[word] & ~(1 << index);
    this.words[word] = after;
    if (after === 0) this.deleteAbove(word);
  }

  /** The largest member below `bound` (0 … size), or −1. */
  lastBelow(bound: number): number {
    const levels = this.levels;
    for (let level = 0, index = bound; level < levels.length; level++) {
      const word = index >>> 5;
      // The bits of this word below `index`.
      const bits = levels[level][word] & ~(-1 << index);
      if (bits !== 0) return this.descend(level, (word << 5) + 31 - Math.clz32(bits));
      index = word;
    }
    return -1;
  }

  /** The largest member under a summary bit. */
  private descend(level: number, index: number): number {
    while (level-- > 0) index = (index << 5) + 31 - Math.clz32(this.levels[level][index]);
    return index;
  }

  private addAbove(index: number): void {
    const levels = this.levels;
    for (let level = 1; level < levels.length; level++) {
      const words = levels[level];
      const word = index >>> 5;
      const before = words[word];
      words[word] = before | (1 << index);
      if (before !== 0) return;
      index = word;
    }
  }

  private deleteAbove(index: number): void {
    const levels = this.levels;
    for (let level = 1; level < levels.length; level++) {
      const words = levels[level];
      const word = index >>> 5;
      const after = words[word] & ~(1 << index);
      words[word] = after;
      if (after !== 0) return;
      index = word;
    }
  }
}
