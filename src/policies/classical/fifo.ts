/**
 * First in, first out: evict the page that was loaded longest ago. O(1) a request; a hit costs nothing.
 * k-competitive, and no deterministic policy is better (Sleator and Tarjan, *Amortized efficiency of list update and
 * paging rules*, CACM 1985).
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

export class Fifo implements Policy {
  private readonly queue: LinkedLists;

  constructor(capacity: number) {
    this.queue = new LinkedLists(capacity, 1);
  }

  hit(_slot: number): void {}

  load(slot: number): void {
    this.queue.append(0, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    return this.queue.firstOutside(0, protectedSlots);
  }

  remove(slot: number): void {
    this.queue.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.queue.holdExactly(occupied), 'fifo has lost track of a slot');
  }
}

export const fifo: PolicyDefinition = {
  summary: 'first in, first out',
  reference: 'Sleator and Tarjan, CACM 1985',
  guarantee: competitive((k) => k, 'Sleator and Tarjan, CACM 1985'),
  liftRatio: (k) => k,
  sizes: true,
  create: ({ capacity }) => new Fifo(capacity),
};
