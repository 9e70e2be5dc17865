/**
 * Flush-When-All-0s, as published (Antoniadis et al., *Paging with Succinct Predictions*, ICML 2023): at a fault with no
 * free slot evict a page whose newest discard bit is 1; if there is none, flush, that is evict everything. O(1)
 * amortised a request. Guarantee (1, k − 1, 1); not robust by itself.
 *
 * The paper leaves the order among 1-pages open: here the least recently used goes first.
 * Departure: a flush spares protected pages.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { oneBit, SUCCINCT } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

const KEEP = 0;
const DISCARD = 1;
const LEAVING = 2;

export class FlushWhenAll0s implements Policy {
  private readonly lists: LinkedLists;

  constructor(capacity: number) {
    this.lists = new LinkedLists(capacity, 3);
  }

  hit(slot: number, _page: number, bit: number): void {
    this.lists.moveToEnd(bit === 1 ? DISCARD : KEEP, slot);
  }

  load(slot: number, _page: number, bit: number): void {
    this.lists.append(bit === 1 ? DISCARD : KEEP, slot);
  }

  expire(slot: number): void {
    if (slot >= 0) this.lists.moveToEnd(DISCARD, slot);
  }

  victim(_page: number, _bit: number, protectedSlots: IndexSet): number {
    const discarded = this.lists.firstOutside(DISCARD, protectedSlots);
    if (discarded >= 0) return discarded;
    this.lists.moveAllOutside(protectedSlots, KEEP, LEAVING);
    return this.lists.firstOutside(LEAVING, protectedSlots);
  }

  leaving(protectedSlots: IndexSet): number {
    return this.lists.firstOutside(LEAVING, protectedSlots);
  }

  remove(slot: number): void {
    this.lists.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.lists.holdExactly(occupied), 'flush-when-all-0s has lost track of a slot');
  }
}

export const flushWhenAll0s: PolicyDefinition = {
  summary: 'a page with discard bit 1 leaves; if there is none, everything does',
  eager: true,
  reference: SUCCINCT,
  needs: () => 'discard bit',
  guarantee: () => oneBit(1, (k) => k - 1, 'proved', SUCCINCT),
  create: ({ capacity }) => new FlushWhenAll0s(capacity),
};
