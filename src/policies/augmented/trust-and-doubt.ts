/**
 * Trust&Doubt (Antoniadis, Coester, Eliáš, Polak and Simon, *Online metric algorithms with untrusted predictions*, ICML 2020,
 * arXiv 2003.02144): a marking policy that follows a predicted cache as far as it trusts it. Consistency O(1), robustness
 * O(log k) for any predictions, both without constants in the paper.
 *
 * In a k-phase, pages in the cache that the previous phase did not request are *ancient* and leave first; the other pages
 * in the cache are *stale* and get random priorities. Once no page is ancient, a page requested for the first time that
 * is not stale is *clean*, and names an *accused* page for which it could take the place: one that the predicted cache
 * lacks. The unmarked stale page of lowest priority leaves at a fault. Then, while a clean page trusts the prediction, its
 * accused leaves and the unmarked stale page of highest priority comes back instead. If the accused is requested, the
 * prediction was wrong: the clean page accuses another and doubts for an interval, which ends after as many pages
 * were requested for the first time in the phase as it is long: 1 at the start, twice as many after each doubt.
 *
 * What the paper leaves open is as in its published experiments: an ancient page leaves that the predicted cache lacks,
 * if there is one; of those, and of the pages that can be accused, the least recently requested; the real cache follows as
 * in `lazy-follower`. A request that opens a phase counts as stale if its page is in the cache.
 *
 * O(log k) a request, and O(clean pages of the phase) for one that marks a page; O(k log k) a phase; 150 bytes a page.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { NO_PAGE } from '../../paging/policy.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import type { Random } from '../../support/random.ts';
import { LazyFollower } from './lazy-follower.ts';
import { PredictedCache } from './predicted-cache.ts';

const NOTHING = new IndexSet(0);

export class TrustAndDoubt extends LazyFollower {
  private readonly capacity: number;
  private readonly random: Random;
  private readonly predicted: PredictedCache;
  /** The simulated cache. */
  private readonly held: IndexSet;
  /** Ancient pages that the predicted cache holds, and that it lacks; the least recently requested is highest. */
  private readonly ancientKept: IndexedHeap;
  private readonly ancientGivenUp: IndexedHeap;
  /** Unmarked stale pages in the simulated cache, of lowest priority first; and those outside it, of highest first. */
  private readonly staleInside: IndexedHeap;
  private readonly staleOutside: IndexedHeap;
  /** Pages that can be accused: stale or requested in this phase, not predicted, not accused. */
  private readonly suspects: IndexedHeap;
  /** Pages accused by a clean page that trusts the prediction. */
  private readonly condemned: IndexSet;
  private readonly priority: Float64Array;
  /** Step of each page's latest request. */
  private readonly latest: Float64Array;
  /** Phase in which each page was requested last, and the last phase at whose beginning it was stale. */
  private readonly markedIn: Uint32Array;
  private readonly staleIn: Uint32Array;
  /** The clean pages of this phase, by number: whom they accuse, and their interval; and each page's accuser, or −1. */
  private clean = 0;
  private readonly accused: Int32Array;
  private readonly trusts: Uint8Array;
  private readonly intervalStart: Int32Array;
  private readonly intervalLength: Int32Array;
  private readonly accuser: Int32Array;
  private step = 0;
  private phase = 1;
  /** First requests in this phase. */
  private arrivals = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number, random: Random) {
    super(capacity, pageCount);
    this.capacity = capacity;
    this.random = random;
    this.predicted = new PredictedCache(capacity, pageCount);
    this.held = new IndexSet(pageCount);
    this.ancientKept = new IndexedHeap(pageCount);
    this.ancientGivenUp = new IndexedHeap(pageCount);
    this.staleInside = new IndexedHeap(pageCount);
    this.staleOutside = new IndexedHeap(pageCount);
    this.suspects = new IndexedHeap(pageCount);
    this.condemned = new IndexSet(pageCount);
    this.priority = new Float64Array(pageCount);
    this.latest = new Float64Array(pageCount);
    this.markedIn = new Uint32Array(pageCount);
    this.staleIn = new Uint32Array(pageCount);
    this.accused = new Int32Array(capacity);
    this.trusts = new Uint8Array(capacity);
    this.intervalStart = new Int32Array(capacity);
    this.intervalLength = new Int32Array(capacity);
    this.accuser = new Int32Array(pageCount).fill(-1);
  }

  protected override simulate(page: number, givenUp: number): void {
    this.latest[page] = ++this.step;
    const left = this.predicted.serve(page, givenUp);
    const arrives = this.markedIn[page] !== this.phase;
    if (arrives && this.arrivals === this.capacity) this.beginPhase(page);
    if (left !== NO_PAGE) this.noteGivenUp(left);
    this.suspects.delete(page);
    if (arrives) this.mark(page);
    // In the first phase there is room for every page; in the others ancient pages make room first.
    const settled = this.phase > 1 && this.ancientKept.count + this.ancientGivenUp.count === 0;
    this.ancientKept.delete(page);
    this.ancientGivenUp.delete(page);
    if (!this.held.has(page)) {
      if (this.held.count === this.capacity) this.drop(this.leastWanted());
      this.take(page);
    }
    if (settled) this.accuse(page, arrives);
  }

  private beginPhase(requested: number): void {
    const previous = this.phase++;
    this.arrivals = 0;
    for (let i = 0; i < this.clean; i++) this.accuser[this.accused[i]] = -1;
    this.clean = 0;
    this.condemned.clear();
    this.staleInside.clear();
    this.staleOutside.clear();
    this.suspects.clear();
    const { members, count } = this.held;
    const stale = members.slice(0, count).filter((page) => {
      const isStale = this.markedIn[page] === previous || page === requested;
      if (!isStale)
        (this.predicted.pages.has(page) ? this.ancientKept : this.ancientGivenUp).set(
          page,
          -this.latest[page],
        );
      return isStale;
    });
    // A random permutation: the page drawn for each place has that priority. Sorted, so that a coin means the same
    // whatever the order in which the set holds its members.
    stale.sort();
    for (let left = stale.length; left > 0; left--) {
      const drawn = this.random.below(left);
      const page = stale[drawn];
      stale[drawn] = stale[left - 1];
      this.staleIn[page] = this.phase;
      this.priority[page] = left;
      this.staleInside.set(page, -left);
      if (!this.predicted.pages.has(page)) this.suspects.set(page, -this.latest[page]);
    }
  }

  /** Counts the first request to a page in this phase. */
  private mark(page: number): void {
    this.markedIn[page] = this.phase;
    this.arrivals++;
    this.staleInside.delete(page);
    this.staleOutside.delete(page);
  }

  /** The predicted cache has given up a page. */
  private noteGivenUp(page: number): void {
    if (this.ancientKept.has(page)) {
      this.ancientKept.delete(page);
      this.ancientGivenUp.set(page, -this.latest[page]);
    } else if (this.staleIn[page] === this.phase || this.markedIn[page] === this.phase) {
      this.suspects.set(page, -this.latest[page]);
    }
  }

  private leastWanted(): number {
    for (const heap of [this.ancientGivenUp, this.ancientKept]) {
      if (heap.count > 0) return heap.highest(NOTHING);
    }
    return this.staleInside.highest(NOTHING);
  }

  private drop(page: number): void {
    this.held.delete(page);
    this.ancientGivenUp.delete(page);
    this.ancientKept.delete(page);
    if (this.staleInside.has(page)) {
      this.staleInside.delete(page);
      this.staleOutside.set(page, this.priority[page]);
    }
    this.leaves(page);
  }

  private take(page: number): void {
    this.held.add(page);
    if (this.staleOutside.has(page)) {
      this.staleOutside.delete(page);
      this.staleInside.set(page, -this.priority[page]);
    }
    this.enters(page);
  }

  /** What follows a request once no page is ancient. */
  private accuse(page: number, arrives: boolean): void {
    if (arrives && this.staleIn[page] !== this.phase) {
      const clean = this.clean++;
      this.trusts[clean] = 1;
      this.intervalStart[clean] = this.arrivals - 1;
      this.intervalLength[clean] = 1;
      this.condemned.add(this.accuseNext(clean));
    }
    const accuser = this.accuser[page];
    if (accuser >= 0) {
      this.accuser[page] = -1;
      this.condemned.delete(page);
      this.trusts[accuser] = 0;
      this.intervalStart[accuser] = this.arrivals;
      this.accuseNext(accuser);
    }
    if (arrives) for (let clean = 0; clean < this.clean; clean++) this.endInterval(clean);
  }

  /** Of k pages and more that are stale or were requested, the predicted cache and the other accused leave one at least. */
  private accuseNext(clean: number): number {
    const page = this.suspects.highest(NOTHING);
    this.suspects.delete(page);
    this.accused[clean] = page;
    this.accuser[page] = clean;
    return page;
  }

  /** Where the interval of a clean page ends, it trusts the prediction. */
  private endInterval(clean: number): void {
    if (this.arrivals - this.intervalStart[clean] !== this.intervalLength[clean]) return;
    this.intervalStart[clean] = this.arrivals;
    const accused = this.accused[clean];
    if (this.trusts[clean] === 0) {
      this.trusts[clean] = 1;
      this.intervalLength[clean] *= 2;
      this.condemned.add(accused);
    }
    if (!this.held.has(accused)) return;
    this.drop(accused);
    this.take(this.staleOutside.highest(this.condemned));
  }
}

const UNTRUSTED = 'Antoniadis et al., ICML 2020, arXiv 2003.02144';

export const trustAndDoubt: PolicyDefinition = {
  summary:
    'marking that lets a predicted cache choose among old pages, and doubts it longer after each error',
  reference: UNTRUSTED,
  needs: () => 'cache state',
  randomised: true,
  create: ({ capacity, pageCount, random }) => new TrustAndDoubt(capacity, pageCount, random),
};
