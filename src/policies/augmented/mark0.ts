/**
 * Mark0, as published (Antoniadis et al., *Paging with Succinct Predictions*, ICML 2023): Marker, except that a page
 * whose discard bit is 1 leaves the cache, and its mark with it, right after being served. O(1) a request.
 * Guarantee (1, 2H_k, 1) in expectation against an oblivious adversary; not robust by itself.
 *
 * Departure: a protected page with bit 1 stays, as if its bit were 0.
 *
 * Throwing a page out before its slot is needed costs much at moderate noise; prefer `lazy-mark0`.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { harmonic, oneBit, SUCCINCT } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import type { IndexSet } from '../../support/index-set.ts';

export class Mark0 implements Policy {
  private readonly marker: Policy;
  private discarded = -1;

  /** @param marker a fresh run of Marker for the same capacity */
  constructor(marker: Policy) {
    this.marker = marker;
  }

  hit(slot: number, page: number, bit: number): void {
    this.marker.hit(slot, page, 0);
    if (bit === 1) this.discarded = slot;
  }

  load(slot: number, page: number, bit: number): void {
    this.marker.load(slot, page, 0);
    if (bit === 1) this.discarded = slot;
  }

  expire(slot: number): void {
    if (slot >= 0) this.discarded = slot;
  }

  victim(page: number, _bit: number, protectedSlots: IndexSet): number {
    return this.marker.victim(page, 0, protectedSlots);
  }

  leaving(protectedSlots: IndexSet): number {
    if (this.discarded >= 0 && protectedSlots.has(this.discarded)) this.discarded = -1;
    return this.discarded;
  }

  remove(slot: number, page: number): void {
    if (slot === this.discarded) this.discarded = -1;
    this.marker.remove(slot, page);
  }

  audit(occupied: IndexSet): void {
    this.marker.audit?.(occupied);
  }
}

/** @param marker the definition of Marker, which this policy runs */
export const mark0 = (marker: PolicyDefinition): PolicyDefinition => ({
  summary: 'marker whose pages with discard bit 1 leave at once',
  eager: true,
  reference: SUCCINCT,
  needs: () => 'discard bit',
  randomised: true,
  marking: () => true,
  guarantee: () => oneBit(1, (k) => 2 * harmonic(k), 'proved', SUCCINCT),
  create: (run) => new Mark0(marker.create(run, [], {})),
});
