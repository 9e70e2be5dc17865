/**
 * What policies share that are described as a sequence of caches and not as victims: the described cache is simulated,
 * may change as it likes from request to request, and the real cache follows it lazily. A real page leaves only at a fault
 * with no free slot; of those that the simulated cache does not hold, the one loaded first, as in the published
 * experiments of arXiv 2003.02144. So there are never more faults than the simulated cache loads pages. O(log k) a request
 * beside the simulation.
 *
 * The simulation sees requests and predictions alone: what the owner of the cache protects or takes away does not touch
 * it. Departure: where every page outside the simulated cache is protected, the page inside that was loaded first leaves.
 */
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';

export abstract class LazyFollower implements Policy {
  /** Slots by whether the simulated cache holds their page; the one loaded first is highest. */
  private readonly inside: IndexedHeap;
  private readonly outside: IndexedHeap;
  private readonly loadedAt: Float64Array;
  private readonly slotOf: Int32Array;
  private loads = 0;
  /** Whether `victim` has already shown the request to the simulation. */
  private served = false;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number) {
    this.inside = new IndexedHeap(capacity);
    this.outside = new IndexedHeap(capacity);
    this.loadedAt = new Float64Array(capacity);
    this.slotOf = new Int32Array(pageCount).fill(-1);
  }

  /** Serves a request in the simulated cache, which holds at most k pages and the requested one among them afterwards. */
  protected abstract simulate(page: number, prediction: number): void;

  /** To be called when a page enters the simulated cache. */
  protected enters(page: number): void {
    const slot = this.slotOf[page];
    if (slot < 0) return;
    this.outside.delete(slot);
    this.inside.set(slot, -this.loadedAt[slot]);
  }

  /** To be called when a page leaves the simulated cache. */
  protected leaves(page: number): void {
    const slot = this.slotOf[page];
    if (slot < 0) return;
    this.inside.delete(slot);
    this.outside.set(slot, -this.loadedAt[slot]);
  }

  hit(_slot: number, page: number, prediction: number): void {
    this.simulate(page, prediction);
  }

  load(slot: number, page: number, prediction: number): void {
    if (!this.served) this.simulate(page, prediction);
    this.served = false;
    this.slotOf[page] = slot;
    this.loadedAt[slot] = this.loads++;
    this.inside.set(slot, -this.loadedAt[slot]);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    if (page !== NO_PAGE) {
      this.simulate(page, prediction);
      this.served = true;
    }
    const slot = this.outside.highest(protectedSlots);
    return slot >= 0 ? slot : this.inside.highest(protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.inside.delete(slot);
    this.outside.delete(slot);
    this.slotOf[page] = -1;
  }

  audit(occupied: IndexSet): void {
    assert(
      this.inside.count + this.outside.count === occupied.count,
      'a policy that follows a simulated cache has lost track of a slot',
    );
  }
}
