import type { Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/**
 * LRU until the first bit says discard; from then on another policy, which starts as if the resident pages had been loaded in the
 * order of their last use, all with keep. So a policy that would not be LRU on bits that all say keep, as `lazy-mark0`, which is
 * then Marker, is LRU where no predictor speaks. O(1) a request, O(capacity) once.
 */
export class LruUntilBits implements Policy {
  /** Only where the other policy has it. */
  readonly leaving?: (protectedSlots: IndexSet) => number;
  private readonly policy: Policy;
  private readonly recency: LinkedLists;
  private readonly pageIn: Uint32Array;
  private heeds = false;

  /**
   * @param capacity k
   * @param policy a fresh run of a policy that takes bits, for the same capacity
   */
  constructor(capacity: number, policy: Policy) {
    this.policy = policy;
    this.recency = new LinkedLists(capacity, 1);
    this.pageIn = new Uint32Array(capacity);
    if (policy.leaving !== undefined) {
      this.leaving = (protectedSlots) => (this.heeds ? (policy.leaving?.(protectedSlots) ?? -1) : -1);
    }
  }

  hit(slot: number, page: number, bit: number): void {
    if (this.listens(bit)) this.policy.hit(slot, page, bit);
    else this.recency.moveToEnd(0, slot);
  }

  load(slot: number, page: number, bit: number): void {
    if (this.listens(bit)) {
      this.policy.load(slot, page, bit);
      return;
    }
    this.recency.append(0, slot);
    this.pageIn[slot] = page;
  }

  victim(page: number, bit: number, protectedSlots: IndexSet): number {
    if (this.listens(bit)) return this.policy.victim(page, bit, protectedSlots);
    return this.recency.firstOutside(0, protectedSlots);
  }

  remove(slot: number, page: number): void {
    if (this.heeds) this.policy.remove(slot, page);
    else this.recency.remove(slot);
  }

  expire(slot: number, page: number): void {
    this.listens(1);
    this.policy.expire?.(slot, page);
  }

  audit(occupied: IndexSet): void {
    if (this.heeds) this.policy.audit?.(occupied);
    else assert(this.recency.holdExactly(occupied), 'LRU has lost track of a slot');
  }

  /** Whether the other policy decides, from this bit on at the latest. */
  private listens(bit: number): boolean {
    if (this.heeds || bit === 0) return this.heeds;
    this.heeds = true;
    for (let slot = this.recency.first(0); slot >= 0; slot = this.recency.after(slot)) {
      this.policy.load(slot, this.pageIn[slot], 0);
    }
    return true;
  }
}
