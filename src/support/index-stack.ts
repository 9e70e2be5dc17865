/**
 * A stack of integers from 0 on, as large as what it has held: it doubles when it is full, so that a push allocates
 * O(log n) times in all until it holds n.
 *
 * @example
 * const stack = new IndexStack();
 * stack.push(5);
 * stack.pop(); // 5
 */
export class IndexStack {
  count = 0;
  private members = new Int32Array(SMALLEST);

  push(index: number): void {
    if (this.count === this.members.length) {
      const members = new Int32Array(2 * this.count);
      members.set(this.members);
      this.members = members;
    }
    this.members[this.count++] = index;
  }

  /** Takes off what was pushed last; the stack must not be empty. */
  pop(): number {
    return this.members[--this.count];
  }
}

const SMALLEST = 16;
