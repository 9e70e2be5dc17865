/**
 * W-TinyLFU: a page enters a small window, an LRU. When the cache is full, the page next to leave the window and the one
 * next to leave the main cache, a segmented LRU of two segments, are compared: the one requested less often of late leaves,
 * the window's where they are equal. Requests are counted in four bits a page, and all counts are halved after every
 * `sample`·k requests (Einziger, Friedman and Manes, *TinyLFU: a highly efficient cache admission policy*, ACM
 * Transactions on Storage 2017). O(1) a request. The published sizes are 1% of the cache for the window and 80% of the rest
 * for the protected segment.
 *
 * Departures: every page of the universe has a counter of its own, so there is no sketch that may overestimate and no
 * doorkeeper; where all candidates of one side are protected, the other side gives the victim.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { AgeingCounts } from '../../support/ageing-counts.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import { slotShare, wholeNumber } from './parameters.ts';
import { Slru } from './slru.ts';

export class WTinyLfu implements Policy {
  /** The segments of `main`, and after them the window. */
  private readonly lists: LinkedLists;
  private readonly window: number;
  private readonly inWindow: Uint8Array;
  private readonly main: Slru;
  private readonly counts: AgeingCounts;
  private readonly pageIn: Uint32Array;
  private readonly windowSize: number;
  private windowCount = 0;

  /**
   * @param capacity k
   * @param windowSize slots of the window, 1 … k
   * @param mainSizes slots of each segment of the main cache, lowest first
   * @param counts of all pages of the universe
   */
  constructor(capacity: number, windowSize: number, mainSizes: Int32Array, counts: AgeingCounts) {
    this.window = mainSizes.length;
    this.lists = new LinkedLists(capacity, mainSizes.length + 1);
    this.inWindow = new Uint8Array(capacity);
    this.main = new Slru(capacity, mainSizes, this.lists);
    this.counts = counts;
    this.pageIn = new Uint32Array(capacity);
    this.windowSize = windowSize;
  }

  hit(slot: number, page: number): void {
    this.counts.add(page);
    if (this.inWindow[slot] === 1) this.lists.moveToEnd(this.window, slot);
    else this.main.hit(slot);
  }

  load(slot: number, page: number): void {
    this.counts.add(page);
    this.pageIn[slot] = page;
    this.lists.append(this.window, slot);
    this.inWindow[slot] = 1;
    if (++this.windowCount <= this.windowSize) return;
    const oldest = this.lists.first(this.window);
    this.leaveWindow(oldest);
    this.main.load(oldest);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    const candidate = this.lists.firstOutside(this.window, protectedSlots);
    const rival = this.main.victim(page, prediction, protectedSlots);
    if (candidate < 0) return rival;
    if (rival < 0) return candidate;
    const { counts, pageIn } = this;
    return counts.of(pageIn[candidate]) > counts.of(pageIn[rival]) ? rival : candidate;
  }

  remove(slot: number): void {
    if (this.inWindow[slot] === 1) this.leaveWindow(slot);
    else this.main.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.lists.holdExactly(occupied), 'w-tinylfu has lost track of a slot');
  }

  private leaveWindow(slot: number): void {
    this.lists.remove(slot);
    this.inWindow[slot] = 0;
    this.windowCount--;
  }
}

export const wTinyLfu: PolicyDefinition = {
  summary: 'a window, then whichever of two pages was requested more often of late enters a segmented LRU',
  reference: 'Einziger, Friedman and Manes, TinyLFU, ACM Transactions on Storage 2017',
  parameters: { window: 0.01, protected: 0.8, sample: 10 },
  create: ({ capacity, pageCount }, _wrapped, parameters) => {
    const windowSize = slotShare(capacity, 'window', parameters.window);
    const mainSize = capacity - windowSize;
    const upper = Math.min(mainSize, slotShare(mainSize, 'protected', parameters.protected));
    const sizes = upper === 0 ? Int32Array.of(mainSize) : Int32Array.of(mainSize - upper, upper);
    const sample = wholeNumber('sample', parameters.sample, 1, 1e6) * capacity;
    const counts = new AgeingCounts(pageCount, Math.max(2, sample));
    return new WTinyLfu(capacity, windowSize, sizes, counts);
  },
};
