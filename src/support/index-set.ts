import type { Random } from './random.ts';

/** Sets up to this size are counted rather than drawn from again and again. */
const SMALL = 64;
/** Draws before a large set is counted after all. */
const TRIES = 128;

/**
 * A set of integers in 0 … size − 1 with O(1) insertion, deletion, membership, clearing and uniform choice: the sparse
 * set of Briggs and Torczon (1993). Members stand in `members[0 … count − 1]`, in no meaningful order.
 *
 * @example
 * const set = new IndexSet(8);
 * set.add(3);
 * set.has(3); // true
 */
export class IndexSet {
  count = 0;
  readonly members: Int32Array;
  private readonly position: Int32Array;

  /** @param size one more than the largest integer that can be a member */
  constructor(size: number) {
    this.members = new Int32Array(size);
    this.position = new Int32Array(size);
  }

  has(index: number): boolean {
    if (this.count === 0) return false;
    const position = this.position[index];
    return position < this.count && this.members[position] === index;
  }

  add(index: number): void {
    if (this.has(index)) return;
    this.position[index] = this.count;
    this.members[this.count++] = index;
  }

  delete(index: number): void {
    if (!this.has(index)) return;
    const last = this.members[--this.count];
    const position = this.position[index];
    this.members[position] = last;
    this.position[last] = position;
  }

  clear(): void {
    this.count = 0;
  }

  /** Makes this set equal to `other`, which must be of the same size. O(other.count). */
  assign(other: IndexSet): void {
    this.count = other.count;
    for (let i = 0; i < other.count; i++) {
      const index = other.members[i];
      this.members[i] = index;
      this.position[index] = i;
    }
  }

  /** Adds every member of `other`. O(other.count). */
  addAll(other: IndexSet): void {
    for (let i = 0; i < other.count; i++) this.add(other.members[i]);
  }

  /**
   * A uniformly random member outside `excluded`, or −1 if there is none. O(1) when `excluded` is empty. Else a small set
   * is counted, which tosses one coin, so that an exact expectation has no needless branches; of a large one members are
   * drawn until one is outside, and it is counted only where that takes too long.
   */
  choose(random: Random, excluded: IndexSet): number {
    if (excluded.count === 0) return this.count === 0 ? -1 : this.members[random.below(this.count)];
    for (let tries = this.count > SMALL ? TRIES : 0; tries > 0; tries--) {
      const member = this.members[random.below(this.count)];
      if (!excluded.has(member)) return member;
    }
    let eligible = 0;
    for (let i = 0; i < this.count; i++) if (!excluded.has(this.members[i])) eligible++;
    if (eligible === 0) return -1;
    let left = random.below(eligible);
    for (let i = 0; ; i++) if (!excluded.has(this.members[i]) && left-- === 0) return this.members[i];
  }
}
