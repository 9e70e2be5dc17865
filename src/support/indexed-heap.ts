import type { IndexSet } from './index-set.ts';
import type { Random } from './random.ts';

/**
 * A binary heap of distinct integers in 0 … size − 1 with numeric keys: the member with the highest key in O(1), every change
 * in O(log size). Of equal keys the lowest integer counts as highest. 16 bytes an integer, nothing is allocated later.
 *
 * @example
 * const heap = new IndexedHeap(8);
 * heap.set(3, 0.5);
 * heap.set(1, 2);
 * heap.highest(new IndexSet(8)); // 1
 */
export class IndexedHeap {
  count = 0;
  private readonly members: Int32Array;
  private readonly position: Int32Array;
  private readonly keys: Float64Array;

  /** @param size one more than the largest integer that can be a member */
  constructor(size: number) {
    this.members = new Int32Array(size);
    this.position = new Int32Array(size).fill(-1);
    this.keys = new Float64Array(size);
  }

  has(index: number): boolean {
    return this.position[index] >= 0;
  }

  /** The key of a member. */
  key(index: number): number {
    return this.keys[index];
  }

  /** Gives an integer a key; takes it in if it is no member. */
  set(index: number, key: number): void {
    const held = this.position[index];
    this.keys[index] = key;
    this.rise(held < 0 ? this.count++ : this.sink(held), index);
  }

  /** Takes an integer out, if it is a member. */
  delete(index: number): void {
    const hole = this.position[index];
    if (hole < 0) return;
    this.position[index] = -1;
    const last = this.members[--this.count];
    if (last === index) return;
    this.rise(this.sink(hole), last);
  }

  /** Takes every integer out. O(count). */
  clear(): void {
    for (let i = 0; i < this.count; i++) this.position[this.members[i]] = -1;
    this.count = 0;
  }

  /** The member with the highest key outside `excluded`, or −1. O(1) unless the highest of all is excluded, else O(count). */
  highest(excluded: IndexSet): number {
    if (this.count === 0) return -1;
    if (!excluded.has(this.members[0])) return this.members[0];
    let highest = -1;
    for (let i = 1; i < this.count; i++) {
      const member = this.members[i];
      if (!excluded.has(member) && (highest < 0 || this.isHigher(member, highest))) highest = member;
    }
    return highest;
  }

  /** The highest of the members at some positions 0 … count − 1, which are in no meaningful order; −1 for no positions. */
  highestAt(positions: IndexSet): number {
    let highest = -1;
    for (let i = 0; i < positions.count; i++) {
      const member = this.members[positions.members[i]];
      if (highest < 0 || this.isHigher(member, highest)) highest = member;
    }
    return highest;
  }

  /** A uniformly random member outside `excluded`, or −1; tosses one coin. O(1) when `excluded` is empty, else O(count). */
  choose(random: Random, excluded: IndexSet): number {
    if (excluded.count === 0) return this.count === 0 ? -1 : this.members[random.below(this.count)];
    const eligible = this.members.subarray(0, this.count).filter((member) => !excluded.has(member));
    return eligible.length === 0 ? -1 : eligible[random.below(eligible.length)];
  }

  private isHigher(a: number, b: number): boolean {
    return this.keys[a] > this.keys[b] || (this.keys[a] === this.keys[b] && a < b);
  }

  /** Moves an empty place down to a leaf and returns it. */
  private sink(hole: number): number {
    const { members, count } = this;
    for (let child = 2 * hole + 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count && this.isHigher(members[child + 1], members[child])) child++;
      this.put(hole, members[child]);
      hole = child;
    }
    return hole;
  }

  /** Fills an empty place, or one above it, with `index`. */
  private rise(hole: number, index: number): void {
    while (hole > 0) {
      const parent = this.members[(hole - 1) >> 1];
      if (!this.isHigher(index, parent)) break;
      this.put(hole, parent);
      hole = (hole - 1) >> 1;
    }
    this.put(hole, index);
  }

  private put(position: number, index: number): void {
    this.members[position] = index;
    this.position[index] = position;
  }
}
