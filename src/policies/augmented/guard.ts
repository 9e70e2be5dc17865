/**
 * Guard (arXiv 2507.16242): robustness around any policy that is 1-consistent, at O(1) extra a request. The rule, read
 * from the authors' code: when no *old unvisited* page is left at a fault with no free slot, a guard phase begins: all
 * resident pages become old, unvisited and unguarded, and no page counts as evicted in this phase. If the faulting page
 * was itself evicted in this phase, a random old unvisited page leaves and the loaded page is guarded until the phase
 * ends; otherwise the wrapped policy chooses among the unguarded pages. A request makes its page visited.
 *
 * Keeps consistency 1 and has robustness 2H_{k−1} + 2, as stated in the paper's abstract. Where hit ratios are low, as in
 * KV caches, that bound is no protection in practice: with inverted bits it lands far below LRU; see `switch`.
 *
 * Departure: where every unguarded page is protected, guarded ones may leave.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert, Failure } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';

export class Guard implements Policy {
  private readonly inner: Policy;
  private readonly random: Random;
  private readonly occupied: IndexSet;
  private readonly unvisited: IndexSet;
  private readonly guarded: IndexSet;
  private readonly unavailable: IndexSet;
  /** Phase in which each page was last evicted, 0 for never. */
  private readonly evictedIn: Uint32Array;
  private phase = 0;
  private guardNext = false;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param inner a fresh run of the wrapped policy for the same capacity
   */
  constructor(capacity: number, pageCount: number, inner: Policy, random: Random) {
    assert(inner.leaving === undefined, 'a wrapped policy that empties slots early would undo a guard');
    this.inner = inner;
    this.random = random;
    this.occupied = new IndexSet(capacity);
    this.unvisited = new IndexSet(capacity);
    this.guarded = new IndexSet(capacity);
    this.unavailable = new IndexSet(capacity);
    this.evictedIn = new Uint32Array(pageCount);
  }

  hit(slot: number, page: number, prediction: number): void {
    this.unvisited.delete(slot);
    this.inner.hit(slot, page, prediction);
  }

  load(slot: number, page: number, prediction: number): void {
    this.occupied.add(slot);
    if (this.guardNext) this.guarded.add(slot);
    this.guardNext = false;
    this.inner.load(slot, page, prediction);
  }

  expire(slot: number, page: number): void {
    this.inner.expire?.(slot, page);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    if (this.unvisited.count === 0) {
      this.unvisited.assign(this.occupied);
      this.guarded.clear();
      this.phase++;
    }
    if (this.evictedIn[page] === this.phase) {
      const slot = this.unvisited.choose(this.random, protectedSlots);
      if (slot >= 0) {
        this.guardNext = true;
        return slot;
      }
    }
    return this.inner.victim(page, prediction, this.withGuarded(protectedSlots));
  }

  remove(slot: number, page: number): void {
    this.occupied.delete(slot);
    this.unvisited.delete(slot);
    this.guarded.delete(slot);
    this.evictedIn[page] = this.phase;
    this.inner.remove(slot, page);
  }

  audit(occupied: IndexSet): void {
    this.inner.audit?.(occupied);
  }

  private withGuarded(protectedSlots: IndexSet): IndexSet {
    if (protectedSlots.count === 0) return this.guarded;
    this.unavailable.assign(this.guarded);
    this.unavailable.addAll(protectedSlots);
    for (let i = 0; i < this.occupied.count; i++) {
      if (!this.unavailable.has(this.occupied.members[i])) return this.unavailable;
    }
    return protectedSlots;
  }
}

export const guard: PolicyDefinition = {
  summary: 'robustness 2H(k−1)+2 around a policy that is optimal on true predictions',
  reference: 'arXiv 2507.16242',
  wraps: 1,
  example: 'guard(lazy-mark0)',
  randomised: true,
  needs: ([wrapped]) => {
    if (!wrapped.eager) return wrapped.needs;
    throw new Failure(
      `guard(${wrapped.name}): guard needs a policy that evicts only at a fault; wrap lazy-mark0 or another discard(…)`,
    );
  },
  create: ({ capacity, pageCount, random }, [wrapped]) => new Guard(capacity, pageCount, wrapped, random),
};
