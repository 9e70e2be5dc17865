/**
 * Random replacement: evict a uniformly random resident page. O(1) a request.
 * k-competitive in expectation, even against an adversary that sees the coins (Raghavan and Snir, *Memory versus
 * randomization in on-line algorithms*, ICALP 1989).
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';

export class RandomReplacement implements Policy {
  private readonly resident: IndexSet;
  private readonly random: Random;

  constructor(capacity: number, random: Random) {
    this.resident = new IndexSet(capacity);
    this.random = random;
  }

  hit(_slot: number): void {}

  load(slot: number): void {
    this.resident.add(slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    return this.resident.choose(this.random, protectedSlots);
  }

  remove(slot: number): void {
    this.resident.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.resident.count === occupied.count, 'random has lost track of a slot');
  }
}

export const randomReplacement: PolicyDefinition = {
  summary: 'a uniformly random victim',
  reference: 'Raghavan and Snir, ICALP 1989',
  randomised: true,
  guarantee: competitive((k) => k, 'Raghavan and Snir, ICALP 1989'),
  sizes: true,
  create: ({ capacity, random }) => new RandomReplacement(capacity, random),
};
