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
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';

export class Marker implements Policy {
  private marked: IndexSet;
  private unmarked: IndexSet;
  private readonly random: Random;

  constructor(capacity: number, random: Random) {
    this.marked = new IndexSet(capacity);
    this.unmarked = new IndexSet(capacity);
    this.random = random;
  }

  hit(slot: number): void {
    if (!this.unmarked.has(slot)) return;
    this.unmarked.delete(slot);
    this.marked.add(slot);
  }

  load(slot: number): void {
    this.marked.add(slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    if (this.unmarked.count === 0) [this.marked, this.unmarked] = [this.unmarked, this.marked];
    const slot = this.unmarked.choose(this.random, protectedSlots);
    return slot >= 0 ? slot : this.marked.choose(this.random, protectedSlots);
  }

  remove(slot: number): void {
    this.marked.delete(slot);
    this.unmarked.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.marked.count + this.unmarked.count === occupied.count, 'marker has lost track of a slot');
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
