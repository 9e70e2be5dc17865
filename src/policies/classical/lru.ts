/**
 * Least recently used: evict the page whose last request is longest ago. O(1) a request.
 * k-competitive, and no deterministic policy is better (Sleator and Tarjan, *Amortized efficiency of list update and
 * paging rules*, CACM 1985).
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

export class Lru implements Policy {
  private readonly recency: LinkedLists;

  constructor(capacity: number) {
    this.recency = new LinkedLists(capacity, 1);
  }

  hit(slot: number): void {
    this.recency.moveToEnd(0, slot);
  }

  load(slot: number): void {
    this.recency.append(0, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    return this.recency.firstOutside(0, protectedSlots);
  }

  remove(slot: number): void {
    this.recency.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.recency.holdExactly(occupied), 'lru has lost track of a slot');
  }
}

export const lru: PolicyDefinition = {
  summary: 'least recently used',
  reference: 'Sleator and Tarjan, CACM 1985',
  marking: () => true,
  stack: () => true,
  guarantee: competitive((k) => k, 'Sleator and Tarjan, CACM 1985'),
  liftRatio: (k) => k,
  sizes: true,
  create: ({ capacity }) => new Lru(capacity),
};
