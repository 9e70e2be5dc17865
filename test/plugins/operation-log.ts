import { freezePolicy } from '../../src/plugin/frozen-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { LibraryRun } from './library-run.ts';

/** The policies whose logs are compared. */
export const GOLDEN_POLICIES = [
  'lru',
  'discard(lru)',
  'lazy-mark0',
  'switch(discard(lru),lru,margin=4)',
  'switch(lazy-mark0,lru,margin=2.5)',
  'guard(discard(lru))',
  'guard(lazy-mark0)',
  'guard(switch(discard(lru),lru,margin=1))',
  'discard(guard(lru))',
  'switch(guard(lazy-mark0),lru,margin=0)',
  // The default margin: in force is 5√k, which is less at each capacity here.
  'switch(lazy-mark0,lru)',
];

export const GOLDEN_CAPACITIES = [1, 2, 5, 16, 150];

/** One operation with its arguments and, for `evict`, the expected victims. */
export type Operation = readonly [string, ...unknown[]];

/** More than a guard in Python remembers of a phase, for each page of capacity (`guard.py`). */
const FORGOTTEN = 17;
/** Capacities at which that many pages are few. */
const SMALL = 5;

const SEGMENT = 150;

/** Makes up operations as an engine would call them, and writes them down with what the library answers. */
class Author {
  readonly operations: Operation[] = [];
  private readonly run: LibraryRun;
  private readonly random: SeededRandom;
  private readonly pageCount: number;

  constructor(run: LibraryRun, pageCount: number, seed: number) {
    this.run = run;
    this.pageCount = pageCount;
    this.random = new SeededRandom(seed);
  }

  write(length: number): void {
    while (this.operations.length < length) {
      const choice = this.random.below(100);
      if (choice < 78) this.request(1);
      else if (choice < 84) this.request(2 + this.random.below(6));
      else if (choice < 89) this.makeRoom();
      else if (choice < 94) this.pinOrUnpin();
      else if (choice < 98) this.removeOne();
      else if (this.random.below(12) === 0) this.clear();
    }
    if (this.run.capacity <= SMALL) this.scan();
    this.run.audit();
  }

  /** Pages that are requested once each, while the first of them stays: so long a phase of `guard` ends in no other way. */
  private scan(): void {
    this.clear();
    for (let page = 0; page < (FORGOTTEN + 1) * this.run.capacity; page++) {
      if (this.run.recency.size === this.run.capacity && this.evict(1, [], [page]) === null) return;
      this.insert(page);
      if (page > 0) this.unpin(page);
      this.touch(page, 0);
    }
  }

  /** A request for `count` pages: those that are there are touched, the others inserted, then touched at the end. */
  private request(count: number): void {
    const pages = [...new Set(Array.from({ length: count }, () => this.page()))];
    const absent = pages.filter((page) => !this.run.recency.has(page));
    const lacking = absent.length - (this.run.capacity - this.run.recency.size);
    if (lacking > 0 && this.evict(lacking, pages, absent) === null) return;
    for (const page of absent) this.insert(page);
    for (const page of absent) if (this.random.below(10) > 0) this.unpin(page);
    const bit = this.bit(pages[0]);
    for (const page of pages.reverse()) this.touch(page, bit);
  }

  private insert(page: number): void {
    this.operations.push(['insert', page]);
    this.run.insert(page);
  }

  private touch(page: number, bit: number | null): void {
    this.operations.push(['touch', page, bit]);
    this.run.touch(page, bit);
  }

  private makeRoom(): void {
    const count = this.random.below(Math.min(8, this.run.capacity + 2));
    const spared = Array.from({ length: this.random.below(3) }, () => this.page());
    this.evict(count, spared, []);
  }

  private evict(count: number, spared: readonly number[], incoming: readonly number[]): number[] | null {
    const victims = this.run.evict(count, spared, incoming);
    this.operations.push(['evict', count, spared, incoming, victims]);
    return victims;
  }

  private pinOrUnpin(): void {
    const { pinned, recency } = this.run;
    const page = this.one(this.random.below(4) === 0 ? recency : pinned);
    if (page === undefined) return;
    if (pinned.has(page)) this.unpin(page);
    else this.pin(page);
  }

  private pin(page: number): void {
    this.operations.push(['pin', page]);
    this.run.pinned.add(page);
  }

  private unpin(page: number): void {
    this.operations.push(['unpin', page]);
    this.run.pinned.delete(page);
  }

  private removeOne(): void {
    const page = this.one(this.run.recency);
    if (page === undefined) return;
    this.operations.push(['remove', page]);
    this.run.remove(page);
  }

  private clear(): void {
    this.operations.push(['clear']);
    this.run.clear();
  }

  private one(pages: ReadonlySet<number>): number | undefined {
    return pages.size === 0 ? undefined : [...pages][this.random.below(pages.size)];
  }

  /** Half of the requests go to few pages; the others go round in a circle, where LRU does worst. */
  private page(): number {
    const { pageCount } = this;
    if (this.random.below(2) === 0) return this.random.below(Math.ceil(pageCount / 3));
    return this.operations.length % pageCount;
  }

  /** No bits at first, then by segments mostly right ones, long enough to save something, wrong ones and mixed, with some left out. */
  private bit(page: number): number | null {
    const segment = Math.floor(this.operations.length / SEGMENT);
    if (segment === 0 || this.random.below(10) === 0) return null;
    const right = page < Math.ceil(this.pageCount / 3) ? 0 : 1;
    return this.random.below(10) < [9, 9, 9, 1, 5][segment % 5] ? right : 1 - right;
  }
}

/**
 * The golden vectors of one policy: for each capacity a head that names it, then its operations, one JSON value a line.
 *
 * @param length operations at each capacity, at least
 */
export function goldenLog(policy: string, length: number): string {
  const lines: string[] = [];
  for (const capacity of GOLDEN_CAPACITIES) {
    const frozen = freezePolicy(policy, 7 + capacity);
    const pageCount = 3 * capacity + 2;
    const author = new Author(
      new LibraryRun(capacity, (FORGOTTEN + 1) * pageCount, frozen.policy, frozen.seed),
      pageCount,
      capacity,
    );
    author.write(length);
    lines.push(
      JSON.stringify({ capacity, ...frozen }),
      ...author.operations.map((line) => JSON.stringify(line)),
    );
  }
  return `${lines.join('\n')}\n`;
}
