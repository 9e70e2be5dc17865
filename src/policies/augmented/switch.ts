/**
 * Deterministic switching between two policies: both are simulated on caches of their own, and the real cache follows one
 * of them. It changes sides when the policy it follows *lags* by more than `margin` faults: when, since the moment of this
 * side that was best for it, it has faulted that much more often than the other. The real victim is a page that the
 * followed policy does not hold, the one it gave up longest ago first.
 *
 * The classical rule (Fiat et al. 1991; Blum and Burch 2000; Wei, *Better and simpler learning-augmented online
 * caching*, APPROX 2020) changes sides when the total cost exceeds a *factor* of the other's. At the hit ratios of KV
 * caches even the worst policy faults only a few percent more often than LRU, so a factor never fires; a margin does. And
 * totals since the start react late when good bits turn bad; a lag since the best moment (the cumulative-sum test of Page,
 * *Continuous inspection schemes*, Biometrika 1954) reacts after `margin` faults, whatever was gained before. On the
 * Mooncake conversation trace at 5,000 blocks, bits perfect in its first half and inverted in the second: hit ratio .219,
 * with totals .168, with a change at exactly the right moment .220.
 *
 * Bound [derived]. With W the simulated faults of either policy, m the margin in force (`marginFor`) and n the changes of side,
 *   faults ≤ W + (m + 1)(n/2 + 1) + kn   and   faults ≤ (2 + 2k/(m + 1))·W + 3(m + 1)/2 + k.
 * Proof. While F is followed the pages of F's cache that the real cache lacks only become fewer, since no victim is
 * taken from F's cache (the cache is full and lacks the requested page, so some real page is outside F's). Each real
 * fault is a fault of F or makes them fewer: a stretch costs F's faults in it, plus at most k after a change of side. (At
 * the request of the change itself the old side has faulted, which pays for a real fault.) The lag is at least the
 * difference of the two counts over the stretch so far, and it grows by at most 1 a request, so it is at most m + 1: a
 * stretch that follows the other policy costs at most m + 1 more than W in it, and there are at most n/2 + 1 of those:
 * the first bound. A complete stretch that follows W's policy ends with lag m + 1, so W has at least m + 1 faults in it,
 * and there are at least (n − 1)/2 of those: (n − 1)(m + 1) ≤ 2W, and with that the second. ∎
 *
 * O(1) a request beside the two simulations, O(k) a change of side.
 * Departure: where all pages outside the followed cache are protected, the least recently used inside leaves.
 */

import { Cache } from '../../paging/cache.ts';
import type { CatalogPolicy, PolicyDefinition } from '../../paging/definition.ts';
import { NO_PAGE, type Policy, type PredictionKind } from '../../paging/policy.ts';
import { marginFor } from '../../paging/switch-margin.ts';
import { assert, Failure } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** A simulated cache that remembers which pages left during the latest request. */
class SimulatedCache extends Cache {
  // One more than the capacity: an eager policy may give up the requested page after another one made room for it.
  readonly left = new Uint32Array(this.capacity + 1);
  leftCount = 0;

  override request(page: number, prediction: number): boolean {
    this.leftCount = 0;
    return super.request(page, prediction);
  }

  protected override leave(slot: number): number {
    const page = super.leave(slot);
    this.left[this.leftCount++] = page;
    return page;
  }
}

/** Lists of real slots, by whether the followed policy holds their page; both roughly least recently used first. */
const INSIDE = 0;
const OUTSIDE = 1;

export class Switch implements Policy {
  /** Changes of side so far. */
  changes = 0;
  protected followed: SimulatedCache;
  protected other: SimulatedCache;
  /** Faults of the followed policy beyond the other's, since the best moment of this side. */
  private lag = 0;
  private readonly margin: number;
  private readonly slots: LinkedLists;
  private readonly slotOf: Int32Array;
  private readonly pageIn: Uint32Array;
  private readonly capacity: number;
  private served = false;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param first a fresh run for the same capacity; followed at the start
   * @param second another
   * @param margin m, a number of faults ≥ 0; a fraction counts as its whole part
   */
  constructor(capacity: number, pageCount: number, first: Policy, second: Policy, margin: number) {
    this.capacity = capacity;
    this.margin = Math.floor(margin);
    this.followed = new SimulatedCache(capacity, pageCount, first);
    this.other = new SimulatedCache(capacity, pageCount, second);
    this.slots = new LinkedLists(capacity, 2);
    this.slotOf = new Int32Array(pageCount).fill(-1);
    this.pageIn = new Uint32Array(capacity);
  }

  hit(slot: number, page: number, prediction: number): void {
    this.simulate(page, prediction);
    this.slots.remove(slot);
    this.place(slot);
  }

  load(slot: number, page: number, prediction: number): void {
    if (!this.served) this.simulate(page, prediction);
    this.served = false;
    this.slotOf[page] = slot;
    this.pageIn[slot] = page;
    this.place(slot);
  }

  /** The simulated caches hear of it wherever they hold the page; the real one follows them. */
  expire(_slot: number, page: number): void {
    this.followed.expire(page);
    this.other.expire(page);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    if (page !== NO_PAGE) {
      // The simulations see the request first, so that the page they give up for it is the one that leaves here.
      this.simulate(page, prediction);
      this.served = true;
    }
    const outside = this.slots.firstOutside(OUTSIDE, protectedSlots);
    return outside >= 0 ? outside : this.slots.firstOutside(INSIDE, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.slots.remove(slot);
    this.slotOf[page] = -1;
  }

  audit(occupied: IndexSet): void {
    assert(this.slots.holdExactly(occupied), 'switch has lost track of a slot');
    this.followed.audit();
    this.other.audit();
  }

  private simulate(page: number, prediction: number): void {
    const hit = this.followed.request(page, prediction);
    const otherHit = this.other.request(page, prediction);
    for (let i = 0; i < this.followed.leftCount; i++) {
      const slot = this.slotOf[this.followed.left[i]];
      if (slot >= 0) this.slots.moveToEnd(OUTSIDE, slot);
    }
    if (this.mustChange(hit, otherHit)) this.changeSides();
  }

  /**
   * Asked once after every request: whether the other policy shall be followed from now on.
   *
   * @param hit whether the policy that is followed had the page
   * @param otherHit whether the other one had it
   */
  protected mustChange(hit: boolean, otherHit: boolean): boolean {
    if (hit !== otherHit) this.lag = Math.max(0, this.lag + (otherHit ? 1 : -1));
    if (this.lag <= this.margin) return false;
    this.lag = 0;
    return true;
  }

  private changeSides(): void {
    this.changes++;
    [this.followed, this.other] = [this.other, this.followed];
    const slots = new Int32Array(this.capacity);
    let count = 0;
    for (const list of [OUTSIDE, INSIDE]) {
      for (let slot = this.slots.first(list); slot >= 0; slot = this.slots.after(slot)) slots[count++] = slot;
      this.slots.empty(list);
    }
    for (let i = 0; i < count; i++) this.place(slots[i]);
  }

  private place(slot: number): void {
    this.slots.append(this.followed.slotOf[this.pageIn[slot]] >= 0 ? INSIDE : OUTSIDE, slot);
  }
}

/** What a combination of two policies needs; throws a Failure where they need different predictions. */
export const needsOfBoth =
  (combinator: string) =>
  ([first, second]: readonly CatalogPolicy[]): PredictionKind => {
    if (first.needs === 'nothing' || first.needs === second.needs) return second.needs;
    if (second.needs === 'nothing') return first.needs;
    throw new Failure(
      `${combinator}(${first.name},${second.name}): ${first.needs} and ${second.needs} cannot be given together; ` +
        'wrap policies that need the same prediction, or one that needs nothing',
    );
  };

export const switchBetween: PolicyDefinition = {
  summary: 'follows one of two policies, and the other once it lags by more than margin faults, at most 5√k',
  reference: 'after Fiat et al. 1991 and Wei, APPROX 2020; margin and bound: this project',
  wraps: 2,
  example: 'switch(discard(lru),lru)',
  parameters: { margin: 500 },
  needs: needsOfBoth('switch'),
  create: ({ capacity, pageCount }, [first, second], { margin }) =>
    new Switch(capacity, pageCount, first, second, marginFor(margin, capacity)),
};
