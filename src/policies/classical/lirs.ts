/**
 * LIRS, low inter-reference recency set: most of the cache holds LIR pages, those requested again soonest; the others, HIR
 * pages, stand in a queue whose first one leaves. A stack orders all LIR pages, and the HIR pages requested since the
 * least recent LIR page, by their last request; it remembers HIR pages that have left. An HIR page requested while in
 * the stack becomes LIR, and the LIR page at the bottom becomes HIR; then all HIR pages at the bottom drop out of the stack
 * (Jiang and Zhang, *LIRS: an efficient low inter-reference recency set replacement policy*, SIGMETRICS 2002). O(1)
 * amortised a request; there are no ties. The published size is 1% of the cache for HIR pages, at least one slot.
 *
 * The stack holds at most `stack`·k pages: beyond that it forgets the page that left longest ago. The paper leaves that
 * bound open; 2 is libCacheSim's.
 *
 * Departures: where every HIR page is protected, the LIR page nearest to the bottom leaves; a LIR page that leaves is not
 * remembered.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import { slotShare } from './parameters.ts';

/** What a slot holds; only the last is not in the stack. */
const LIR = 0;
const HIR = 1;
const HIR_OUTSIDE = 2;

export class Lirs implements Policy {
  /** Bottom first. Slot s stands as s, a page p that has left as k + p. */
  private readonly stack: LinkedLists;
  private readonly queue: LinkedLists;
  private readonly status: Uint8Array;
  /** The pages in the stack that have left the cache, in the order of leaving. */
  private readonly remembered: IndexQueue;
  private readonly capacity: number;
  private readonly lirSize: number;
  private readonly stackSize: number;
  private lirCount = 0;
  private stackCount = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param lirSize most LIR pages, 0 … k − 1
   * @param stackSize most pages in the stack, at least k
   */
  constructor(capacity: number, pageCount: number, lirSize: number, stackSize: number) {
    this.stack = new LinkedLists(capacity + pageCount, 1);
    this.queue = new LinkedLists(capacity, 1);
    this.status = new Uint8Array(capacity);
    this.remembered = new IndexQueue(pageCount);
    this.capacity = capacity;
    this.lirSize = lirSize;
    this.stackSize = stackSize;
  }

  hit(slot: number): void {
    if (this.status[slot] === HIR_OUTSIDE) {
      this.status[slot] = HIR;
      this.push(slot);
      this.queue.moveToEnd(0, slot);
      return;
    }
    this.stack.moveToEnd(0, slot);
    if (this.status[slot] === LIR) {
      this.prune();
    } else {
      this.queue.remove(slot);
      this.becomeLir(slot);
    }
  }

  load(slot: number, page: number): void {
    const remembered = this.remembered.delete(page);
    if (remembered) this.drop(this.capacity + page);
    this.push(slot);
    if (remembered) {
      this.becomeLir(slot);
    } else if (this.lirCount < this.lirSize) {
      this.becomeLir(slot);
    } else {
      this.status[slot] = HIR;
      this.queue.append(0, slot);
    }
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const slot = this.queue.firstOutside(0, protectedSlots);
    if (slot >= 0) return slot;
    let index = this.stack.first(0);
    while (index >= this.capacity || protectedSlots.has(index)) index = this.stack.after(index);
    return index;
  }

  remove(slot: number, page: number): void {
    if (this.status[slot] === LIR) {
      this.lirCount--;
      this.drop(slot);
      this.prune();
      return;
    }
    this.queue.remove(slot);
    if (this.status[slot] === HIR_OUTSIDE) return;
    this.remembered.append(page);
    this.stack.replace(slot, this.capacity + page);
  }

  audit(occupied: IndexSet): void {
    let held = 0;
    for (let slot = this.queue.first(0); slot >= 0; slot = this.queue.after(slot)) {
      assert(occupied.has(slot) && this.status[slot] !== LIR, `lirs has lost track of slot ${slot}`);
      held++;
    }
    assert(held + this.lirCount === occupied.count, 'lirs has lost track of a slot');
  }

  /** Makes LIR a slot at the top of the stack and in no queue. */
  private becomeLir(slot: number): void {
    this.status[slot] = LIR;
    this.lirCount++;
    if (this.lirCount <= this.lirSize) return;
    // Of no effect unless this is the only LIR page, which happens where there is no room for any.
    this.prune();
    const bottom = this.stack.first(0);
    this.lirCount--;
    this.drop(bottom);
    this.status[bottom] = HIR_OUTSIDE;
    this.queue.append(0, bottom);
    this.prune();
  }

  /** Drops everything below the lowest LIR page. */
  private prune(): void {
    for (let index = this.stack.first(0); index >= 0; index = this.stack.first(0)) {
      if (index >= this.capacity) this.remembered.delete(index - this.capacity);
      else if (this.status[index] === LIR) return;
      else this.status[index] = HIR_OUTSIDE;
      this.drop(index);
    }
  }

  /** Puts a slot on top of the stack, and forgets what there is no room for. */
  private push(slot: number): void {
    this.stack.append(0, slot);
    this.stackCount++;
    while (this.stackCount > this.stackSize && this.remembered.count > 0) {
      const page = this.remembered.first();
      this.remembered.delete(page);
      this.drop(this.capacity + page);
    }
  }

  private drop(index: number): void {
    this.stack.remove(index);
    this.stackCount--;
  }
}

export const lirs: PolicyDefinition = {
  summary: 'keeps pages with a short time between their last two requests, few others pass through a queue',
  reference: 'Jiang and Zhang, LIRS, SIGMETRICS 2002',
  parameters: { hir: 0.01, stack: 2 },
  create: ({ capacity, pageCount }, _wrapped, { hir, stack }) => {
    const lirSize = capacity - slotShare(capacity, 'hir', hir);
    return new Lirs(capacity, pageCount, lirSize, Math.floor(capacity * Math.max(1, stack)));
  },
};
