import type { IndexSet } from './index-set.ts';

/**
 * Several doubly linked lists over the integers 0 … size − 1, each integer in at most one list at a time. Both links
 * of an integer stand side by side in one typed array, so that a move touches few cache lines and allocates nothing.
 * Every operation is O(1) unless it says otherwise.
 *
 * @example
 * const lists = new LinkedLists(4, 1);
 * lists.append(0, 2);
 * lists.append(0, 1);
 * lists.first(0); // 2
 */
export class LinkedLists {
  private links: Int32Array;
  private size: number;

  /**
   * @param size number of integers
   * @param lists number of lists, all empty at the start
   */
  constructor(size: number, lists: number) {
    this.size = size;
    // Index 2i holds what follows i, index 2i + 1 what precedes it. A list is a ring through a sentinel at size + list.
    this.links = new Int32Array(2 * (size + lists));
    for (let list = 0; list < lists; list++) this.empty(list);
  }

  /** The first integer of a list, or −1 if it is empty. */
  first(list: number): number {
    const index = this.links[2 * (this.size + list)];
    return index < this.size ? index : -1;
  }

  /** The integer after `index` in its list, or −1 at the end. */
  after(index: number): number {
    const next = this.links[2 * index];
    return next < this.size ? next : -1;
  }

  /** The first integer of a list that is not in `excluded`, or −1. O(1 + integers skipped). */
  firstOutside(list: number, excluded: IndexSet): number {
    let index = this.first(list);
    if (excluded.count === 0) return index;
    while (index >= 0 && excluded.has(index)) index = this.after(index);
    return index;
  }

  /** Appends an integer that is in no list. */
  append(list: number, index: number): void {
    const links = this.links;
    const sentinel = this.size + list;
    const last = links[2 * sentinel + 1];
    links[2 * last] = index;
    links[2 * index + 1] = last;
    links[2 * index] = sentinel;
    links[2 * sentinel + 1] = index;
  }

  /** Puts an integer that is in no list right after `previous`. */
  insertAfter(previous: number, index: number): void {
    const links = this.links;
    const next = links[2 * previous];
    links[2 * index] = next;
    links[2 * index + 1] = previous;
    links[2 * previous] = index;
    links[2 * next + 1] = index;
  }

  /** Puts `other`, which is in no list, in the place of `index`, which leaves its list. */
  replace(index: number, other: number): void {
    this.insertAfter(index, other);
    this.remove(index);
  }

  /** Takes an integer out of its list. */
  remove(index: number): void {
    const links = this.links;
    const next = links[2 * index];
    const previous = links[2 * index + 1];
    links[2 * previous] = next;
    links[2 * next + 1] = previous;
  }

  /** Moves an integer from its list to the end of `list`. */
  moveToEnd(list: number, index: number): void {
    if (this.links[2 * index] === this.size + list) return;
    this.remove(index);
    this.append(list, index);
  }

  /** Moves every integer of `from` that is not in `excluded` to the end of `to`, in order. O(length of `from`). */
  moveAllOutside(excluded: IndexSet, from: number, to: number): void {
    for (let index = this.first(from); index >= 0; ) {
      const next = this.after(index);
      if (!excluded.has(index)) this.moveToEnd(to, index);
      index = next;
    }
  }

  /** Empties a list. */
  empty(list: number): void {
    const sentinel = this.size + list;
    this.links[2 * sentinel] = sentinel;
    this.links[2 * sentinel + 1] = sentinel;
  }

  /** Makes room for the integers 0 … size − 1 and for `lists` lists; what is new is in no list, or empty. O(size + lists). */
  extend(size: number, lists: number): void {
    const { links: old, size: oldSize } = this;
    const oldLists = old.length / 2 - oldSize;
    const links = new Int32Array(2 * (size + lists));
    links.set(old.subarray(0, 2 * oldSize));
    this.links = links;
    this.size = size;
    for (let list = 0; list < lists; list++) {
      this.empty(list);
      const first = list < oldLists ? old[2 * (oldSize + list)] : oldSize;
      if (first >= oldSize) continue;
      const last = old[2 * (oldSize + list) + 1];
      const sentinel = size + list;
      links[2 * sentinel] = first;
      links[2 * first + 1] = sentinel;
      links[2 * sentinel + 1] = last;
      links[2 * last] = sentinel;
    }
  }

  /** Whether the lists together hold each member of `set` exactly once and nothing else. O(size + lists). */
  holdExactly(set: IndexSet): boolean {
    let held = 0;
    for (let list = 0; 2 * (this.size + list) < this.links.length; list++) {
      for (let index = this.first(list); index >= 0; index = this.after(index)) {
        if (!set.has(index) || ++held > set.count) return false;
      }
    }
    return held === set.count;
  }
}
