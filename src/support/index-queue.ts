/**
 * A queue of distinct integers in 0 … size − 1 that tells in O(1) whether it holds one, and lets one leave from the
 * middle, which leaves a gap. The queue runs round a ring of places; when it would overtake its own front, the gaps are
 * closed. O(1) an operation, amortised while at least a constant share of the integers is not held; 8 bytes an integer, nothing
 * is allocated later. At a random integer it touches one number, where a linked list would touch its neighbours too.
 *
 * @example
 * const queue = new IndexQueue(8);
 * queue.append(5);
 * queue.append(3);
 * queue.first(); // 5
 */
export class IndexQueue {
  count = 0;
  /** Where each integer stands, counted from `base` on: below or beyond its ring where this queue does not hold it. */
  private readonly placeOf: Int32Array;
  private readonly base: number;
  /** An integer, or ABSENT for a gap. */
  private readonly ring: Int32Array;
  /** Place of the front, and number of places from it to the end of the queue, gaps included. */
  private front = 0;
  private span = 0;

  /**
   * @param size one more than the largest integer that can be held
   * @param beside a queue of the same size that never holds an integer together with this one: it saves 4 bytes an integer, and
   *   whether the one or the other holds an integer is told by the same number
   */
  constructor(size: number, beside?: IndexQueue) {
    this.placeOf = beside?.placeOf ?? new Int32Array(size).fill(ABSENT);
    this.base = beside === undefined ? 0 : beside.base + size;
    this.ring = new Int32Array(size);
  }

  has(index: number): boolean {
    const place = this.placeOf[index] - this.base;
    return place >= 0 && place < this.ring.length;
  }

  /** The integer that was appended first, or −1 if the queue is empty. */
  first(): number {
    if (this.count === 0) return -1;
    while (this.ring[this.front] === ABSENT) this.dropFront();
    return this.ring[this.front];
  }

  /** Appends an integer that is not held. */
  append(index: number): void {
    if (this.span === this.ring.length) this.makeRoom();
    const place = this.front + this.span++;
    this.put(place < this.ring.length ? place : place - this.ring.length, index);
    this.count++;
  }

  /** Takes an integer out, and tells whether it was held. */
  delete(index: number): boolean {
    const place = this.placeOf[index] - this.base;
    if (place < 0 || place >= this.ring.length) return false;
    this.placeOf[index] = ABSENT;
    this.ring[place] = ABSENT;
    this.count--;
    return true;
  }

  /** Drops the integers appended first until at most `count` are left. O(1 + integers dropped) amortised. */
  trim(count: number): void {
    while (this.count > count) {
      const index = this.ring[this.front];
      this.dropFront();
      if (index === ABSENT) continue;
      this.placeOf[index] = ABSENT;
      this.count--;
    }
  }

  private dropFront(): void {
    this.front = this.front + 1 === this.ring.length ? 0 : this.front + 1;
    this.span--;
  }

  private put(place: number, index: number): void {
    this.ring[place] = index;
    this.placeOf[index] = this.base + place;
  }

  /** Drops the gaps at the front, or closes all where there are none. */
  private makeRoom(): void {
    while (this.span > 0 && this.ring[this.front] === ABSENT) this.dropFront();
    if (this.span === this.ring.length) this.closeGaps();
  }

  /** Moves everything towards the front. O(size), after as many gaps as there are integers that are not held. */
  private closeGaps(): void {
    const { ring, front, span } = this;
    let kept = front;
    for (let i = 0, place = front; i < span; i++, place = place + 1 === ring.length ? 0 : place + 1) {
      if (ring[place] === ABSENT) continue;
      this.put(kept, ring[place]);
      kept = kept + 1 === ring.length ? 0 : kept + 1;
    }
    this.span = this.count;
  }
}

const ABSENT = -1;
