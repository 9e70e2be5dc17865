/**
 * Mark&Predict (Antoniadis et al., *Paging with Succinct Predictions*, ICML 2023): Marker with phase bits. The victim is
 * a uniformly random unmarked page among those whose newest bit says that they leave, that is are not requested in the
 * next phase; if there is none, among all unmarked pages. O(1) a request: the end of a phase swaps two pairs of sets.
 * Guarantee (2, H_k, 1) in expectation. The choice among the pages that leave must be random for the robustness
 * 2·(H_⌈k/2⌉ + H_⌊k/2⌋) − 2, k ≥ 2, which holds for any bits (derived: docs/certificates.md, section 6).
 *
 * Departure: where every unmarked page is protected, a random marked one leaves.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { harmonic, oneBit, SUCCINCT } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';

/** Slots by their newest phase bit: index 0 returns, 1 leaves. */
type ByBit = readonly [IndexSet, IndexSet];

export class MarkAndPredict implements Policy {
  private marked: ByBit;
  private unmarked: ByBit;
  private readonly random: Random;

  constructor(capacity: number, random: Random) {
    this.marked = [new IndexSet(capacity), new IndexSet(capacity)];
    this.unmarked = [new IndexSet(capacity), new IndexSet(capacity)];
    this.random = random;
  }

  hit(slot: number, page: number, bit: number): void {
    this.remove(slot);
    this.load(slot, page, bit);
  }

  load(slot: number, _page: number, bit: number): void {
    this.marked[bit === 1 ? 1 : 0].add(slot);
  }

  victim(_page: number, _bit: number, protectedSlots: IndexSet): number {
    if (this.unmarked[0].count + this.unmarked[1].count === 0) {
      [this.marked, this.unmarked] = [this.unmarked, this.marked];
    }
    for (const set of [this.unmarked[1], this.unmarked[0], this.marked[1], this.marked[0]]) {
      const slot = set.choose(this.random, protectedSlots);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  remove(slot: number): void {
    for (let bit = 0; bit <= 1; bit++) {
      this.marked[bit].delete(slot);
      this.unmarked[bit].delete(slot);
    }
  }

  audit(occupied: IndexSet): void {
    const held = [...this.marked, ...this.unmarked].reduce((sum, set) => sum + set.count, 0);
    assert(held === occupied.count, 'mark-and-predict has lost track of a slot');
  }
}

export const markAndPredict: PolicyDefinition = {
  summary: 'marker that prefers unmarked pages whose phase bit says they leave',
  reference: SUCCINCT,
  needs: () => 'phase bit',
  randomised: true,
  marking: () => true,
  guarantee: () => oneBit(2, harmonic, 'proved', SUCCINCT),
  robustness: () => (k) => Math.max(1, 2 * (harmonic(Math.ceil(k / 2)) + harmonic(Math.floor(k / 2))) - 2),
  create: ({ capacity, random }) => new MarkAndPredict(capacity, random),
};
