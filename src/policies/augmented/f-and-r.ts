/**
 * F&R (Sadek and Eliáš, *Algorithms for caching and MTS with reduced number of predictions*, ICLR 2024, arXiv 2404.06280): two
 * policies in turn, which ask for the predicted cache only now and then. Consistency 1, robustness O(log k) for any
 * predictions, the latter without a constant in the paper.
 *
 * *Follower* keeps the state P that it was told last. It asks again at a fault on a page outside P, provided that since it
 * took over it has had no more faults than the optimum; then a page outside P leaves. Where it has had more, the
 * prediction was wrong, and *Robust* serves until k distinct pages have arrived: a marking policy that starts from the k pages
 * requested last. It asks at some of these arrivals, f(i + 1) − f(i) times in the i-th window, which begin when half, three
 * quarters, … of the k pages have arrived. At the beginning of a window, unmarked pages of P come back in the place of
 * random unmarked pages outside P; for a page that was not in the cache when Robust took over, a random unmarked page outside P
 * leaves, for any other a random unmarked page.
 *
 * The paper's text was not at hand; this follows its abstract and a public reading of its pseudo-code, by the authors of
 * Guard (arXiv 2507.16242). Chosen here: f(i) = 2^(i+1) − 1, as there; of the pages that Follower may evict, the least
 * recently requested; marked pages stay; the optimum is that of the prefix, told exactly by the layers of its work function; the
 * page after the k-th arrival is Follower's again. The real cache follows as in `lazy-follower`.
 *
 * With the states of Belady's rule Follower is in that very state after each question, and Belady's rule is optimal on every
 * prefix: so Robust never serves. O(k) a fault, O(log k) and a move of at most k numbers for another request.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { PrefixOptimum } from '../../paging/prefix-optimum.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { LazyFollower } from './lazy-follower.ts';
import { PredictedCache } from './predicted-cache.ts';

const NOTHING = new IndexSet(0);
/** What Robust does at an arrival. */
const ASK = 1;
const SYNCHRONISE = 2;

export class FollowerAndRobust extends LazyFollower {
  /** How often a state was asked for. */
  questions = 0;
  private readonly capacity: number;
  private readonly random: Random;
  private readonly predicted: PredictedCache;
  private readonly optimum: PrefixOptimum;
  /** Index a: what Robust does at the a-th arrival, ASK and SYNCHRONISE added up. */
  private readonly timetable: Uint8Array;
  /** P, the state that was told last. */
  private readonly told: IndexSet;
  /** The simulated cache. */
  private readonly held: IndexSet;
  /** The k + 1 distinct pages requested last, the oldest first. */
  private readonly recent: IndexQueue;
  private readonly latest: Float64Array;
  private step = 0;
  /** Follower's faults since it took over, and those of the optimum before. */
  private faults = 0;
  private optimumBefore = 0;
  /** Whether Robust serves; the pages it began with, those requested since, and those it holds that were not. */
  private isRobust = false;
  private readonly old: IndexSet;
  private readonly marked: IndexSet;
  private readonly unmarked: IndexSet;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number, random: Random) {
    super(capacity, pageCount);
    this.capacity = capacity;
    this.random = random;
    this.predicted = new PredictedCache(capacity, pageCount);
    this.optimum = new PrefixOptimum(capacity, pageCount);
    this.timetable = timetable(capacity);
    this.told = new IndexSet(pageCount);
    this.held = new IndexSet(pageCount);
    this.recent = new IndexQueue(pageCount);
    this.latest = new Float64Array(pageCount);
    this.old = new IndexSet(pageCount);
    this.marked = new IndexSet(pageCount);
    this.unmarked = new IndexSet(pageCount);
  }

  protected override simulate(page: number, givenUp: number): void {
    this.predicted.serve(page, givenUp);
    if (this.isRobust && this.marked.count === this.capacity && !this.marked.has(page)) this.beginFollower();
    this.optimum.request(page);
    if (this.isRobust) this.serveRobust(page);
    else if (!this.held.has(page)) this.fault(page);
    this.latest[page] = ++this.step;
    this.recent.delete(page);
    this.recent.append(page);
    this.recent.trim(this.capacity + 1);
  }

  private beginFollower(): void {
    this.isRobust = false;
    this.faults = 0;
    this.optimumBefore = this.optimum.faults;
  }

  /** A fault of Follower. */
  private fault(page: number): void {
    this.faults++;
    if (!this.told.has(page)) {
      if (this.faults > this.optimum.faults - this.optimumBefore) {
        this.beginRobust(page);
        this.serveRobust(page);
        return;
      }
      this.ask();
    }
    if (this.held.count === this.capacity) this.drop(this.oldestStray());
    this.take(page);
  }

  /** The least recently requested page outside P. P holds the requested page, so that the full cache has one. */
  private oldestStray(): number {
    const { members, count } = this.held;
    let oldest = -1;
    for (let i = 0; i < count; i++) {
      const page = members[i];
      if (!this.told.has(page) && (oldest < 0 || this.latest[page] < this.latest[oldest])) oldest = page;
    }
    return oldest;
  }

  /** The cache becomes that of a marking policy at the beginning of a phase: the k pages requested last, all unmarked. */
  private beginRobust(requested: number): void {
    this.isRobust = true;
    this.recent.delete(requested);
    this.recent.trim(this.capacity);
    for (let i = this.held.count - 1; i >= 0; i--) {
      const page = this.held.members[i];
      if (!this.recent.has(page)) this.drop(page);
    }
    this.old.clear();
    for (let page = this.recent.first(); this.old.count < this.recent.count; page = this.recent.first()) {
      this.old.add(page);
      this.recent.delete(page);
      this.recent.append(page);
      if (!this.held.has(page)) this.take(page);
    }
    this.unmarked.assign(this.old);
    this.marked.clear();
  }

  private serveRobust(page: number): void {
    if (!this.marked.has(page)) {
      this.marked.add(page);
      this.unmarked.delete(page);
      const work = this.timetable[this.marked.count];
      if ((work & ASK) !== 0) this.ask();
      if ((work & SYNCHRONISE) !== 0) this.synchronise();
    }
    if (this.held.has(page)) return;
    let victim = this.old.has(page) ? -1 : this.unmarked.choose(this.random, this.told);
    if (victim < 0) victim = this.unmarked.choose(this.random, NOTHING);
    this.unmarked.delete(victim);
    this.drop(victim);
    this.take(page);
  }

  /** Unmarked pages of P come back, as far as there are unmarked pages outside P to make room. */
  private synchronise(): void {
    const { members, count } = this.told;
    for (let i = 0; i < count; i++) {
      const page = members[i];
      if (!this.old.has(page) || this.marked.has(page) || this.held.has(page)) continue;
      const stray = this.unmarked.choose(this.random, this.told);
      if (stray < 0) return;
      this.unmarked.delete(stray);
      this.drop(stray);
      this.unmarked.add(page);
      this.take(page);
    }
  }

  private ask(): void {
    this.questions++;
    this.told.assign(this.predicted.pages);
  }

  private drop(page: number): void {
    this.held.delete(page);
    this.leaves(page);
  }

  private take(page: number): void {
    this.held.add(page);
    this.enters(page);
  }
}

/** What Robust does at each of the k arrivals; the i-th window begins at arrival k − ⌊k / 2^i⌋ + 1. */
function timetable(capacity: number): Uint8Array {
  const work = new Uint8Array(capacity + 1);
  for (let window = 1; window <= capacity; window *= 2) {
    const begin = capacity - Math.floor(capacity / window) + 1;
    const end = capacity - Math.floor(capacity / (2 * window)) + 1;
    const gap = Math.max(1, Math.floor((end - begin) / (2 * window)));
    for (let arrival = begin; arrival < end; arrival += gap) work[arrival] += ASK;
    work[begin] += SYNCHRONISE;
  }
  return work;
}

const SADEK = 'Sadek and Eliáš, ICLR 2024, arXiv 2404.06280';

export const followerAndRobust: PolicyDefinition = {
  summary:
    'follows a predicted cache while that is as good as the optimum, else marks for one phase; asks rarely',
  reference: SADEK,
  needs: () => 'cache state',
  randomised: true,
  create: ({ capacity, pageCount, random }) => new FollowerAndRobust(capacity, pageCount, random),
};
