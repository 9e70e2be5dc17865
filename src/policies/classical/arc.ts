/**
 * ARC, the adaptive replacement cache: pages requested once since loading stand in T1, the others in T2, both least
 * recently used first; pages that left are remembered in B1 and B2. A request to a page in B1 raises the target size of
 * T1, one in B2 lowers it, by the ratio of the two memories but at least 1. T1 gives the victim while it is larger than
 * its target (also when it is as large, if the requested page is in B2), else T2. T1 and B1 hold at most k pages, all four
 * at most 2k; the oldest memories go (Megiddo and Modha, *ARC: a self-tuning, low overhead replacement cache*, FAST
 * 2003). O(1) a request; there are no ties, and no parameters.
 *
 * Departures: where every page of the chosen list is protected, the other one gives the victim; a page that the owner
 * takes away is remembered as if it were evicted.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** T1 and T2, as indices of lists. */
const ONCE = 0;
const OFTEN = 1;

export class Arc implements Policy {
  private readonly capacity: number;
  private readonly resident: LinkedLists;
  private readonly listOf: Uint8Array;
  private readonly counts = new Int32Array(2);
  /** B1 and B2. */
  private readonly leftOnce: IndexQueue;
  private readonly leftOften: IndexQueue;
  /** How many pages T1 is meant to hold, a fraction. */
  private target = 0;
  /** The page whose request has already moved the target. */
  private adaptedFor = NO_PAGE;

  constructor(capacity: number, pageCount: number) {
    this.capacity = capacity;
    this.resident = new LinkedLists(capacity, 2);
    this.listOf = new Uint8Array(capacity);
    this.leftOnce = new IndexQueue(pageCount);
    this.leftOften = new IndexQueue(pageCount, this.leftOnce);
  }

  hit(slot: number): void {
    if (this.listOf[slot] === ONCE) {
      this.counts[ONCE]--;
      this.counts[OFTEN]++;
      this.listOf[slot] = OFTEN;
    }
    this.resident.moveToEnd(OFTEN, slot);
  }

  load(slot: number, page: number): void {
    if (this.adaptedFor !== page) this.adapt(page);
    this.adaptedFor = NO_PAGE;
    const list = this.leftOnce.delete(page) || this.leftOften.delete(page) ? OFTEN : ONCE;
    this.resident.append(list, slot);
    this.listOf[slot] = list;
    this.counts[list]++;
    // The paper forgets before it evicts; afterwards comes to the same and needs no cases.
    this.leftOnce.trim(this.capacity - this.counts[ONCE]);
    this.leftOften.trim(2 * this.capacity - this.counts[ONCE] - this.counts[OFTEN] - this.leftOnce.count);
  }

  victim(page: number, _prediction: number, protectedSlots: IndexSet): number {
    const onceSize = this.counts[ONCE];
    let fromOnce = onceSize > this.target;
    if (page !== NO_PAGE) {
      this.adapt(page);
      this.adaptedFor = page;
      fromOnce = onceSize > this.target || (onceSize === this.target && this.leftOften.has(page));
    }
    const slot = this.resident.firstOutside(fromOnce ? ONCE : OFTEN, protectedSlots);
    return slot >= 0 ? slot : this.resident.firstOutside(fromOnce ? OFTEN : ONCE, protectedSlots);
  }

  remove(slot: number, page: number): void {
    const list = this.listOf[slot];
    this.resident.remove(slot);
    this.counts[list]--;
    (list === ONCE ? this.leftOnce : this.leftOften).append(page);
  }

  audit(occupied: IndexSet): void {
    assert(this.resident.holdExactly(occupied), 'arc has lost track of a slot');
    assert(this.counts[ONCE] + this.counts[OFTEN] === occupied.count, 'arc has miscounted its lists');
  }

  private adapt(page: number): void {
    const { leftOnce, leftOften } = this;
    if (leftOnce.has(page)) {
      this.target = Math.min(this.capacity, this.target + Math.max(1, leftOften.count / leftOnce.count));
    } else if (leftOften.has(page)) {
      this.target = Math.max(0, this.target - Math.max(1, leftOnce.count / leftOften.count));
    }
  }
}

export const arc: PolicyDefinition = {
  summary: 'balances recency and frequency by which of its memories is requested again',
  reference: 'Megiddo and Modha, ARC: a self-tuning, low overhead replacement cache, FAST 2003',
  create: ({ capacity, pageCount }) => new Arc(capacity, pageCount),
};
