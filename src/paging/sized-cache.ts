import { assert } from '../support/failure.ts';
import type { IndexSet } from '../support/index-set.ts';
import { Cache } from './cache.ts';
import type { Policy } from './policy.ts';
import { mostPages, type Weights } from './weights.ts';

/**
 * A cache whose capacity is counted in bytes, for pages that differ in size and in what a fault costs (the *general model*
 * of Irani 1997; Young, *On-line file caching*, Algorithmica 2002). A fault asks the policy for victims until the page
 * fits, none or several. A page larger than the whole cache is a fault at each request and is never held.
 *
 * The guarantees of the unit-cost model do not hold here.
 *
 * @example
 * const weights = unitCosts(Uint32Array.of(3, 2, 4));
 * const cache = new SizedCache(6, weights, new Lru(mostPages(weights.sizes, 6)));
 */
export class SizedCache extends Cache {
  /** Of all faults so far. */
  faultCost = 0;
  missedBytes = 0;
  /** Faults on pages larger than the whole cache, which are never held. */
  bypasses = 0;
  /** Bytes of the resident pages. */
  used = 0;
  private readonly bytes: number;
  private readonly weights: Weights;

  /**
   * @param bytes capacity, a positive integer
   * @param weights of all pages
   * @param policy made for a capacity of `mostPages(weights.sizes, bytes)` pages, at least 1
   */
  constructor(bytes: number, weights: Weights, policy: Policy) {
    super(Math.max(1, mostPages(weights.sizes, bytes)), weights.sizes.length, policy);
    this.bytes = bytes;
    this.weights = weights;
  }

  override audit(): void {
    super.audit();
    let used = 0;
    for (let page = 0; page < this.slotOf.length; page++) {
      if (this.slotOf[page] >= 0) used += this.weights.sizes[page];
    }
    assert(
      used === this.used && used <= this.bytes,
      `${used} of ${this.bytes} bytes are used, ${this.used} were counted`,
    );
  }

  protected override fault(page: number, prediction: number, protectedSlots: IndexSet): void {
    const size = this.weights.sizes[page];
    this.faultCost += this.weights.costs[page];
    this.missedBytes += size;
    if (size > this.bytes) {
      this.faults++;
      this.bypasses++;
      return;
    }
    while (this.used + size > this.bytes) this.release(this.vacate(page, prediction, protectedSlots));
    this.used += size;
    // There is a free slot: no more pages fit than there are slots.
    super.fault(page, prediction, protectedSlots);
  }

  protected override leave(slot: number): number {
    const page = super.leave(slot);
    this.used -= this.weights.sizes[page];
    return page;
  }
}
