import type { IndexSet } from './index-set.ts';

/**
 * A binary heap of distinct integers in 0 … size − 1, each with a key that may be changed: the integer with the least key
 * is found in O(1), every change is O(log members). 16 bytes an integer, nothing is allocated later.
 *
 * @example
 * const heap = new IndexedHeap(4);
 * heap.set(3, 0.5);
 * heap.set(1, 0.25);
 * heap.first(); // 1
 */
export class IndexedHeap {
  count = 0;
  private readonly keys: Float64Array;
  private readonly members: Int32Array;
  /** Where each integer stands in `members`, −1 where it is not held. */
  private readonly position: Int32Array;

  /** @param size one more than the largest integer that can be held */
  constructor(size: number) {
    this.keys = new Float64Array(size);
    this.members = new Int32Array(size);
    this.position = new Int32Array(size).fill(-1);
  }

  has(index: number): boolean {
    return this.position[index] >= 0;
  }

  /** The integer with the least key, or −1 if there is none. */
  first(): number {
    return this.count === 0 ? -1 : this.members[0];
  }

  /** The one with the least key among those not in `excluded`, or −1. O(members) where the first one is excluded. */
  firstOutside(excluded: IndexSet): number {
    const first = this.first();
    if (first < 0 || !excluded.has(first)) return first;
    let least = -1;
    for (let i = 1; i < this.count; i++) {
      const index = this.members[i];
      if (!excluded.has(index) && (least < 0 || this.keys[index] < this.keys[least])) least = index;
    }
    return least;
  }

  /** Gives an integer a key; takes it in where it is not held. */
  set(index: number, key: number): void {
    this.keys[index] = key;
    const held = this.position[index];
    this.settle(index, held >= 0 ? held : this.count++);
  }

  /** Takes out an integer that is held. */
  delete(index: number): void {
    const last = this.members[--this.count];
    if (last !== index) this.settle(last, this.position[index]);
    this.position[index] = -1;
  }

  /** Puts an integer where it belongs, given that only `place` is out of order. */
  private settle(index: number, place: number): void {
    const { keys, members } = this;
    const key = keys[index];
    let at = place;
    for (let parent = (at - 1) >> 1; at > 0 && keys[members[parent]] > key; parent = (at - 1) >> 1) {
      this.put(members[parent], at);
      at = parent;
    }
    for (let child = 2 * at + 1; child < this.count; child = 2 * at + 1) {
      if (child + 1 < this.count && keys[members[child + 1]] < keys[members[child]]) child++;
      if (keys[members[child]] >= key) break;
      this.put(members[child], at);
      at = child;
    }
    this.put(index, at);
  }

  private put(index: number, place: number): void {
    this.members[place] = index;
    this.position[index] = place;
  }
}
