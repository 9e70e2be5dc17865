/**
 * Following one of two policies: both are simulated on caches of their own, and the real cache follows one of them, at first
 * the first. A rule says when sides change (`trust`, `bounded-switch`, `weighted-switch`). The real victim is a page that the followed
 * policy does not hold, the one it gave up longest ago first.
 *
 * What it costs [derived]. With C the simulated faults of whichever policy is followed at each request, and n the changes of side:
 *   faults ≤ C + kn.
 * Proof. While a policy is followed the pages of its cache that the real cache lacks only become fewer, since no victim is
 * taken from its cache (the real cache is full and lacks the requested page, so some real page is outside it). Each real
 * fault is a fault of that policy or makes them fewer: a stretch costs that policy's faults in it, plus at most k after a change of side.
 * (At the request of the change itself the old side has faulted, which pays for a real fault.) ∎
 *
 * O(1) a request beside the two simulations, O(k) a change of side.
 * Departure: where all pages outside the followed cache are protected, the least recently used inside leaves.
 */

import { Cache } from '../../paging/cache.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import { NO_PAGE, type Policy, type PredictionKind } from '../../paging/policy.ts';
import { assert, Failure } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** When sides change. */
export interface SwitchRule {
  /**
   * Asked once at every request, after the simulations have served it and before the real cache has: whether the other policy shall
   * be followed from now on.
   *
   * @param hit whether the policy that is followed had the page
   * @param otherHit whether the other one had it
   * @param realHit whether the real cache has it
   */
  changes(hit: boolean, otherHit: boolean, realHit: boolean): boolean;
}

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
  private followed: SimulatedCache;
  private other: SimulatedCache;
  private readonly rule: SwitchRule;
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
   * @param rule a fresh one
   */
  constructor(capacity: number, pageCount: number, first: Policy, second: Policy, rule: SwitchRule) {
    this.capacity = capacity;
    this.rule = rule;
    this.followed = new SimulatedCache(capacity, pageCount, first);
    this.other = new SimulatedCache(capacity, pageCount, second);
    this.slots = new LinkedLists(capacity, 2);
    this.slotOf = new Int32Array(pageCount).fill(-1);
    this.pageIn = new Uint32Array(capacity);
  }

  hit(slot: number, page: number, prediction: number): void {
    this.simulate(page, prediction, true);
    this.slots.remove(slot);
    this.place(slot);
  }

  load(slot: number, page: number, prediction: number): void {
    if (!this.served) this.simulate(page, prediction, false);
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
      this.simulate(page, prediction, false);
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

  private simulate(page: number, prediction: number, realHit: boolean): void {
    const hit = this.followed.request(page, prediction);
    const otherHit = this.other.request(page, prediction);
    for (let i = 0; i < this.followed.leftCount; i++) {
      const slot = this.slotOf[this.followed.left[i]];
      if (slot >= 0) this.slots.moveToEnd(OUTSIDE, slot);
    }
    if (this.rule.changes(hit, otherHit, realHit)) this.changeSides();
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
