/**
 * A list of pages inside their marks: the i-th page of the list has the mark `base + i`, counted from 1. Several lists
 * with ranges of marks apart from each other share one array. Every operation is O(pages).
 */
export class RankedPages {
  private readonly base: number;
  private readonly last: number;

  /** @param capacity most pages the list holds; its marks are base + 1 … base + capacity */
  constructor(base: number, capacity: number) {
    this.base = base;
    this.last = base + capacity;
  }

  has(mark: number): boolean {
    return mark > this.base && mark <= this.last;
  }

  /** The first page, or −1. */
  first(marks: readonly number[]): number {
    return marks.indexOf(this.base + 1);
  }

  /** The first page that is not protected, or −1. */
  firstOutside(marks: readonly number[], isProtected: (page: number) => boolean): number {
    for (let rank = this.base + 1; rank <= this.last; rank++) {
      const page = marks.indexOf(rank);
      if (page < 0) return -1;
      if (!isProtected(page)) return page;
    }
    return -1;
  }

  append(marks: number[], page: number): void {
    let count = 0;
    for (const mark of marks) if (this.has(mark)) count++;
    marks[page] = this.base + count + 1;
  }

  /** Takes the page, which is in the list, out of it; those behind it move up. */
  remove(marks: number[], page: number): void {
    const rank = marks[page];
    marks[page] = 0;
    for (let other = 0; other < marks.length; other++) {
      if (marks[other] > rank && this.has(marks[other])) marks[other]--;
    }
  }
}
