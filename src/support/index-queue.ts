/**
 * A queue of distinct integers in 0 … size − 1 that tells in O(1) whether it holds one, and lets one leave from the
 * middle. A doubly linked ring in one typed array: 8 bytes an integer, nothing is allocated later.
 *
 * @example
 * const queue = new IndexQueue(8);
 * queue.append(5);
 * queue.append(3);
 * queue.first(); // 5
 */
export class IndexQueue {
  count = 0;
  /** Index 2i holds what follows i, index 2i + 1 what precedes it, and both ABSENT where i is not held. */
  private readonly links: Int32Array;
  private readonly sentinel: number;

  /** @param size one more than the largest integer that can be held */
  constructor(size: number) {
    this.links = new Int32Array(2 * (size + 1)).fill(ABSENT);
    this.sentinel = size;
    this.links[2 * size] = size;
    this.links[2 * size + 1] = size;
  }

  has(index: number): boolean {
    return this.links[2 * index] !== ABSENT;
  }

  /** The integer that was appended first, or −1 if the queue is empty. */
  first(): number {
    const index = this.links[2 * this.sentinel];
    return index === this.sentinel ? -1 : index;
  }

  /** Appends an integer that is not held. */
  append(index: number): void {
    const { links, sentinel } = this;
    const last = links[2 * sentinel + 1];
    links[2 * last] = index;
    links[2 * index + 1] = last;
    links[2 * index] = sentinel;
    links[2 * sentinel + 1] = index;
    this.count++;
  }

  /** Takes an integer out, and tells whether it was held. */
  delete(index: number): boolean {
    const { links } = this;
    const next = links[2 * index];
    if (next === ABSENT) return false;
    const previous = links[2 * index + 1];
    links[2 * previous] = next;
    links[2 * next + 1] = previous;
    links[2 * index] = ABSENT;
    this.count--;
    return true;
  }

  /** Drops the integers appended first until at most `count` are left. O(1 + integers dropped). */
  trim(count: number): void {
    while (this.count > count) this.delete(this.links[2 * this.sentinel]);
  }
}

const ABSENT = -1;
