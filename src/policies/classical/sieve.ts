/**
 * Sieve: pages stand in the order of their loading and never move. A hand goes from the oldest towards the newest, clears
 * the visited bit of every page that has it, and evicts the first page without it; past the newest it starts again at
 * the oldest. A hit only sets the bit (Zhang, Yang, Yue, Vigfusson and Rashmi, *SIEVE is simpler than LRU*, NSDI 2024).
 * O(1) amortised a request. A page is loaded unvisited; there are no ties. For k ≥ 3 it is not competitive: the hand can stay among the
 * newest pages for ever (docs/certificates.md, section 6).
 *
 * Departures: the hand passes protected pages; where the owner takes away the page under the hand, the hand moves on.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

export class Sieve implements Policy {
  private readonly queue: LinkedLists;
  private readonly visited: Uint8Array;
  /** The next slot to look at, −1 for the oldest. */
  private hand = -1;

  constructor(capacity: number) {
    this.queue = new LinkedLists(capacity, 1);
    this.visited = new Uint8Array(capacity);
  }

  hit(slot: number): void {
    this.visited[slot] = 1;
  }

  load(slot: number): void {
    this.visited[slot] = 0;
    this.queue.append(0, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const { queue, visited } = this;
    let slot = this.hand;
    // The rest of this round and one more clear every bit, a third finds a page that is not protected.
    for (let rounds = 0; rounds < 3; ) {
      if (slot < 0) {
        slot = queue.first(0);
        rounds++;
      }
      if (visited[slot] === 0 && !protectedSlots.has(slot)) {
        this.hand = slot;
        return slot;
      }
      visited[slot] = 0;
      slot = queue.after(slot);
    }
    return -1;
  }

  remove(slot: number): void {
    if (slot === this.hand) this.hand = this.queue.after(slot);
    this.queue.remove(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.queue.holdExactly(occupied), 'sieve has lost track of a slot');
    assert(this.hand < 0 || occupied.has(this.hand), 'the hand of sieve points at a free slot');
  }
}

export const sieve: PolicyDefinition = {
  summary: 'a hand over pages in loading order evicts the first one not visited since it last passed',
  reference: 'Zhang et al., SIEVE is simpler than LRU, NSDI 2024',
  sizes: true,
  create: ({ capacity }) => new Sieve(capacity),
};
