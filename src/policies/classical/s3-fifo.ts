/**
 * S3-FIFO: three queues. A page enters a small queue; when it comes to the front there, it moves to the main queue if it
 * was hit `promote` times, else it leaves and is remembered in a ghost queue. A page remembered there enters the main
 * queue at once. The main queue is a clock with a counter up to 3: at its front a page with hits left goes to the end with
 * one fewer, another leaves and is not remembered. The main queue evicts while it is larger than its share, the small one
 * otherwise (Yang, Zhang, Qiu, Yue and Vigfusson, *FIFO queues are all you need for cache eviction*, SOSP 2023). O(1)
 * amortised a request; there are no ties.
 *
 * As in the paper's Algorithm 1, every page that is not remembered enters the small queue, also while the cache fills; libCacheSim
 * loads what the small queue has no room for into the main one until something is evicted, and otherwise agrees.
 *
 * Departures: protected pages are passed over; a page that the owner takes from the small queue is remembered too.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import { slotShare, wholeNumber } from './parameters.ts';

/** The queues. */
export const SMALL = 0;
export const MAIN = 1;
/** The counter has two bits. */
const MOST_HITS = 3;

export class S3Fifo implements Policy {
  private readonly queues: LinkedLists;
  private readonly queueOf: Uint8Array;
  private readonly hits: Uint8Array;
  protected readonly counts = new Int32Array(2);
  private readonly ghosts: IndexQueue;
  private readonly mainSize: number;
  private readonly ghostSize: number;
  private readonly promote: number;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param smallSize slots of the small queue, 1 … k
   * @param ghostSize how many pages are remembered
   * @param promote hits that move a page to the main queue, 1 … 3
   */
  constructor(capacity: number, pageCount: number, smallSize: number, ghostSize: number, promote: number) {
    this.queues = new LinkedLists(capacity, 2);
    this.queueOf = new Uint8Array(capacity);
    this.hits = new Uint8Array(capacity);
    this.ghosts = new IndexQueue(pageCount);
    this.mainSize = capacity - smallSize;
    this.ghostSize = ghostSize;
    this.promote = promote;
  }

  hit(slot: number): void {
    if (this.hits[slot] < MOST_HITS) this.hits[slot]++;
  }

  load(slot: number, page: number): void {
    const remembered = this.ghosts.delete(page);
    // Only now, so that the page evicted for this one does not push this one out of memory.
    this.ghosts.trim(this.ghostSize);
    this.enter(remembered ? MAIN : SMALL, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    let slot = this.counts[MAIN] > this.mainSize ? this.mainVictim(protectedSlots) : -1;
    if (slot < 0) slot = this.smallVictim(protectedSlots);
    return slot >= 0 ? slot : this.mainVictim(protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.leave(slot);
    if (this.queueOf[slot] === SMALL) this.ghosts.append(page);
  }

  audit(occupied: IndexSet): void {
    assert(this.queues.holdExactly(occupied), 's3-fifo has lost track of a slot');
    assert(this.counts[SMALL] + this.counts[MAIN] === occupied.count, 's3-fifo has miscounted its queues');
  }

  private mainVictim(protectedSlots: IndexSet): number {
    for (;;) {
      const slot = this.queues.firstOutside(MAIN, protectedSlots);
      if (slot < 0 || this.hits[slot] === 0) return slot;
      this.hits[slot]--;
      this.queues.moveToEnd(MAIN, slot);
    }
  }

  private smallVictim(protectedSlots: IndexSet): number {
    for (;;) {
      const slot = this.queues.firstOutside(SMALL, protectedSlots);
      if (slot < 0 || this.hits[slot] < this.promote) return slot;
      this.leave(slot);
      this.enter(MAIN, slot);
    }
  }

  protected enter(queue: number, slot: number): void {
    this.queues.append(queue, slot);
    this.queueOf[slot] = queue;
    this.hits[slot] = 0;
    this.counts[queue]++;
  }

  private leave(slot: number): void {
    this.queues.remove(slot);
    this.counts[this.queueOf[slot]]--;
  }
}

export const s3Fifo: PolicyDefinition = {
  summary: 'a small queue filters what enters the main one, a clock; pages that fail are remembered',
  reference: 'Yang et al., FIFO queues are all you need for cache eviction, SOSP 2023',
  parameters: { small: 0.1, ghost: 0.9, promote: 2 },
  create: ({ capacity, pageCount }, _wrapped, { small, ghost, promote }) =>
    new S3Fifo(
      capacity,
      pageCount,
      slotShare(capacity, 'small', small),
      Math.floor(capacity * ghost),
      wholeNumber('promote', promote, 1, MOST_HITS),
    ),
};
