/**
 * 2Q, full version: a page enters a queue A1in, where hits change nothing; if it is requested again only after it left
 * A1in, while A1out still remembers it, it enters Am, kept least recently used first. A1in gives the victim while it is
 * larger than its share, else Am, whose pages are not remembered (Johnson and Shasha, *2Q: a low overhead high performance
 * buffer management replacement algorithm*, VLDB 1994). O(1) a request; there are no ties. The published sizes are 25% of the
 * cache for A1in and 50% for A1out.
 *
 * Departures: where every page of the chosen queue is protected, the other one gives the victim; a page that the owner
 * takes from A1in is remembered too.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import { slotShare } from './parameters.ts';

/** A1in and Am. */
const IN = 0;
const MAIN = 1;

export class TwoQueue implements Policy {
  private readonly queues: LinkedLists;
  private readonly queueOf: Uint8Array;
  private readonly ghosts: IndexQueue;
  private readonly inSize: number;
  private readonly outSize: number;
  private inCount = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param inSize slots of A1in, 1 … k
   * @param outSize how many pages A1out remembers
   */
  constructor(capacity: number, pageCount: number, inSize: number, outSize: number) {
    this.queues = new LinkedLists(capacity, 2);
    this.queueOf = new Uint8Array(capacity);
    this.ghosts = new IndexQueue(pageCount);
    this.inSize = inSize;
    this.outSize = outSize;
  }

  hit(slot: number): void {
    if (this.queueOf[slot] === MAIN) this.queues.moveToEnd(MAIN, slot);
  }

  load(slot: number, page: number): void {
    const queue = this.ghosts.delete(page) ? MAIN : IN;
    // Only now, so that the page evicted for this one does not push this one out of memory.
    this.ghosts.trim(this.outSize);
    this.queues.append(queue, slot);
    this.queueOf[slot] = queue;
    if (queue === IN) this.inCount++;
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const queue = this.inCount > this.inSize ? IN : MAIN;
    const slot = this.queues.firstOutside(queue, protectedSlots);
    return slot >= 0 ? slot : this.queues.firstOutside(1 - queue, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.queues.remove(slot);
    if (this.queueOf[slot] !== IN) return;
    this.inCount--;
    this.ghosts.append(page);
  }

  audit(occupied: IndexSet): void {
    assert(this.queues.holdExactly(occupied), 'two-queue has lost track of a slot');
  }
}

export const twoQueue: PolicyDefinition = {
  summary: '2Q: pages requested again soon after they left a first queue enter the main one, an LRU',
  reference: 'Johnson and Shasha, 2Q, VLDB 1994',
  parameters: { in: 0.25, out: 0.5 },
  create: ({ capacity, pageCount }, _wrapped, parameters) =>
    new TwoQueue(
      capacity,
      pageCount,
      slotShare(capacity, 'in', parameters.in),
      Math.floor(capacity * parameters.out),
    ),
};
