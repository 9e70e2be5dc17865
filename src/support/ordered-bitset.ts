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
  /** All levels one after the other in one array, lowest first: a bit above tells that a word below is not 0. */
  private readonly words: Int32Array;
  /** Where each level begins in `words`. */
  private readonly starts: Int32Array;

  /** @param size one more than the largest integer that can be a member */
  constructor(size: number) {
    const starts = [0];
    // One more, so that a search may begin at `size` itself.
    let length = size + 1;
    do {
      length = Math.ceil(length / 32);
      starts.push(starts[starts.length - 1] + length);
    } while (length > 1);
    this.words = new Int32Array(starts[starts.length - 1]);
    this.starts = Int32Array.from(starts.slice(0, -1));
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

  /** Takes out all members, which must be below `bound` (0 … size). O(bound / 32). */
  clear(bound: number): void {
    for (let level = 0, end = bound; level < this.starts.length; level++) {
      end = (end + 31) >>> 5;
      if (end === 1) this.words[this.starts[level]] = 0;
      else this.words.fill(0, this.starts[level], this.starts[level] + end);
    }
  }

  /** The largest member below `bound` (0 … size), or −1. */
  lastBelow(bound: number): number {
    const { words, starts } = this;
    for (let level = 0, index = bound; level < starts.length; level++) {
      const word = index >>> 5;
      const bits = words[starts[level] + word] & ~(-1 << index);
      if (bits !== 0) return this.descend(level, (word << 5) + 31 - Math.clz32(bits));
      index = word;
    }
    return -1;
  }

  /** The largest member under a summary bit. */
  private descend(level: number, index: number): number {
    const { words, starts } = this;
    while (level-- > 0) index = (index << 5) + 31 - Math.clz32(words[starts[level] + index]);
    return index;
  }

  private addAbove(index: number): void {
    const { words, starts } = this;
    for (let level = 1; level < starts.length; level++) {
      const word = starts[level] + (index >>> 5);
      const before = words[word];
      words[word] = before | (1 << index);
      if (before !== 0) return;
      index >>>= 5;
    }
  }

  private deleteAbove(index: number): void {
    const { words, starts } = this;
    for (let level = 1; level < starts.length; level++) {
      const word = starts[level] + (index >>> 5);
      const after = words[word] & ~(1 << index);
      words[word] = after;
      if (after !== 0) return;
      index >>>= 5;
    }
  }
}
