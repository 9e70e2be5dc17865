/**
 * Clock, or second chance: a hand goes round the slots; a page requested since the hand last passed is spared once, the
 * first other one leaves (Corbató, *A paging experiment with the Multics system*, 1969). O(1) amortised a request; a hit
 * sets one bit.
 *
 * A page is loaded unreferenced, as caches in practice do. That costs the bound k of the textbook's clock, which loads pages
 * referenced (Borodin and El-Yaniv, chapter 3): with k = 2, pages 0 0 1 2 1 1 0 2 repeated cost 6 faults a round, OPT 2.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';

const FREE = 0;
const UNREFERENCED = 1;
const REFERENCED = 2;

export class Clock implements Policy {
  private readonly state: Uint8Array;
  private hand = 0;

  constructor(capacity: number) {
    this.state = new Uint8Array(capacity);
  }

  hit(slot: number): void {
    this.state[slot] = REFERENCED;
  }

  load(slot: number): void {
    this.state[slot] = UNREFERENCED;
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    // Two rounds suffice: the first clears every reference.
    for (let tries = 2 * this.state.length; tries >= 0; tries--) {
      const slot = this.hand;
      this.hand = slot + 1 === this.state.length ? 0 : slot + 1;
      if (this.state[slot] === REFERENCED) this.state[slot] = UNREFERENCED;
      else if (this.state[slot] === UNREFERENCED && !protectedSlots.has(slot)) return slot;
    }
    return -1;
  }

  remove(slot: number): void {
    this.state[slot] = FREE;
  }

  audit(occupied: IndexSet): void {
    for (let slot = 0; slot < this.state.length; slot++) {
      assert((this.state[slot] !== FREE) === occupied.has(slot), `clock has lost track of slot ${slot}`);
    }
  }
}

export const clock: PolicyDefinition = {
  summary: 'second chance: a hand spares referenced pages once',
  reference: 'Corbató, A paging experiment with the Multics system, 1969',
  sizes: true,
  create: ({ capacity }) => new Clock(capacity),
};
