/**
 * Marker: a requested page is marked; the victim is a uniformly random unmarked page; when none is left at a fault, all
 * marks go and a new phase begins. O(1) a request: the end of a phase swaps two sets.
 * 2H_k-competitive in expectation (Fiat et al., *Competitive paging algorithms*, J. Algorithms 1991), exactly 2H_k − 1
 * (Achlioptas, Chrobak and Noga, *Competitive analysis of randomized paging algorithms*, TCS 2000).
 *
 * Departure: where every unmarked page is protected, a random marked one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive, harmonic } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { opposite, type Side, SplitSet } from '../../support/split-set.ts';

export class Marker implements Policy {
  private readonly slots: SplitSet;
  /** The other side holds the unmarked slots; they change places when a phase ends. */
  private marked: Side = 0;
  private readonly random: Random;

  constructor(capacity: number, random: Random) {
    this.slots = new SplitSet(capacity);
    this.random = random;
  }

  hit(slot: number): void {
    if (this.slots.sideOf(slot) !== this.marked) this.slots.move(slot);
  }

  load(slot: number): void {
    this.slots.add(this.marked, slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    if (this.slots.counts[1 - this.marked] === 0) this.marked = opposite(this.marked);
    const slot = this.slots.choose(opposite(this.marked), this.random, protectedSlots);
    return slot >= 0 ? slot : this.slots.choose(this.marked, this.random, protectedSlots);
  }

  remove(slot: number): void {
    this.slots.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.slots.counts[0] + this.slots.counts[1] === occupied.count, 'marker has lost track of a slot');
  }
}

export const marker: PolicyDefinition = {
  summary: 'a random unmarked victim; requests mark, a phase ends when all are marked',
  reference: 'Fiat et al., Competitive paging algorithms, J. Algorithms 1991',
  randomised: true,
  marking: () => true,
  guarantee: competitive((k) => 2 * harmonic(k) - 1, 'Achlioptas, Chrobak and Noga, TCS 2000'),
  liftRatio: (k) => 2 * harmonic(k) - 1,
  sizes: true,
  create: ({ capacity, random }) => new Marker(capacity, random),
};
