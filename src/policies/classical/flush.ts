/**
 * Flush when full: at a fault with no free slot everything leaves. The simplest marking policy, and the one whose lift
 * is lazy Flush-When-All-0s. O(1) amortised a request; pages leave least recently used first.
 * k-competitive (Karlin, Manasse, Rudolph and Sleator, *Competitive snoopy caching*, Algorithmica 1988).
 *
 * Departure: a flush spares protected pages.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

const STAYING = 0;
const LEAVING = 1;

export class Flush implements Policy {
  private readonly lists: LinkedLists;

  constructor(capacity: number) {
    this.lists = new LinkedLists(capacity, 2);
  }

  hit(slot: number): void {
    this.lists.moveToEnd(STAYING, slot);
  }

  load(slot: number): void {
    this.lists.append(STAYING, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    this.lists.moveAllOutside(protectedSlots, STAYING, LEAVING);
    return this.lists.firstOutside(LEAVING, protectedSlots);
  }

  leaving(protectedSlots: IndexSet): number {
    return this.lists.firstOutside(LEAVING, protectedSlots);
  }

  remove(slot: number): void {
    this.lists.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.lists.holdExactly(occupied), 'flush has lost track of a slot');
  }
}

export const flush: PolicyDefinition = {
  summary: 'evict everything when full',
  eager: true,
  reference: 'Karlin, Manasse, Rudolph and Sleator, Algorithmica 1988',
  marking: () => true,
  guarantee: competitive((k) => k, 'Karlin, Manasse, Rudolph and Sleator, Algorithmica 1988'),
  liftRatio: (k) => k,
  create: ({ capacity }) => new Flush(capacity),
};
