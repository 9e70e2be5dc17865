import { assert } from '../support/failure.ts';
import { IndexSet } from '../support/index-set.ts';
import { NO_PAGE, type Policy, type Predictions } from './policy.ts';
import type { RequestSequence } from './request-sequence.ts';

/**
 * `serve` reads the slot of the page this many requests ahead, which brings it into the processor's cache before the
 * branch on hit or fault needs it: a sixth faster on a universe that outgrows the second-level cache.
 */
const AHEAD = 6;

/** What is protected where nothing is. */
const NOTHING = new IndexSet(0);

/**
 * A cache of k slots under demand paging, run by one policy. The cache alone decides what is resident: it counts
 * faults, asks the policy for a victim when no slot is free, and asserts that the victim is resident and unprotected.
 * A request costs O(1) beside the policy's own work and allocates nothing; memory is 4 bytes a page and 8 a slot.
 *
 * @example
 * const cache = new Cache(2, 3, new Lru(2));
 * cache.request(0, 0); // false: a fault
 * cache.request(0, 0); // true: a hit
 */
export class Cache {
  readonly capacity: number;
  readonly policy: Policy;
  /** Slot of each page, −1 where it is not resident. */
  readonly slotOf: Int32Array;
  /** Page in each slot, `NO_PAGE` where it is free. */
  readonly pageIn: Uint32Array;
  faults = 0;
  private readonly free: Int32Array;
  private freeCount: number;
  private readonly eager: boolean;
  /** Keeps what was read ahead alive for the compiler; means nothing. */
  protected touched = 0;

  /**
   * @param capacity k, a positive integer
   * @param pageCount size of the universe of pages
   * @param policy one fresh run of a policy, made for this capacity
   */
  constructor(capacity: number, pageCount: number, policy: Policy) {
    assert(Number.isSafeInteger(capacity) && capacity > 0, 'the capacity is not a positive integer');
    this.capacity = capacity;
    this.policy = policy;
    this.eager = policy.leaving !== undefined;
    this.slotOf = new Int32Array(pageCount).fill(-1);
    this.pageIn = new Uint32Array(capacity).fill(NO_PAGE);
    // A stack whose top is slot 0, so that slots fill in ascending order.
    this.free = new Int32Array(capacity);
    for (let i = 0; i < capacity; i++) this.free[i] = capacity - 1 - i;
    this.freeCount = capacity;
  }

  /** Number of resident pages. */
  get size(): number {
    return this.capacity - this.freeCount;
  }

  /**
   * Serves one request.
   *
   * @param page 0 … pageCount − 1
   * @param prediction what was predicted with this request, 0 where nothing was
   * @param protectedSlots slots whose pages must stay
   * @returns whether it was a hit
   * @throws Error when the policy breaks its contract, or when every slot is protected and none is free
   */
  request(page: number, prediction: number, protectedSlots: IndexSet = NOTHING): boolean {
    const slot = this.slotOf[page];
    const hit = slot >= 0;
    if (hit) this.policy.hit(slot, page, prediction);
    else this.fault(page, prediction, protectedSlots);
    if (this.eager) this.letLeave(protectedSlots);
    return hit;
  }

  /** Tells the policy that the discard bit of a page's latest request, which was 0, has turned 1. */
  expire(page: number): void {
    this.policy.expire?.(this.slotOf[page], page);
    if (this.eager) this.letLeave(NOTHING);
  }

  /**
   * Serves the requests `from … to − 1` of a sequence, unprotected, and returns how many of them were faults.
   *
   * @param predictions one per request of the whole sequence, or `undefined` for a policy that needs nothing
   * @param late for each request of the whole sequence a page whose discard bit turns 1 just before it, or `NO_PAGE`
   */
  serve(
    sequence: RequestSequence,
    predictions?: Predictions,
    from = 0,
    to = sequence.pages.length,
    late?: Uint32Array,
  ): number {
    const { policy, slotOf } = this;
    const pages = sequence.pages;
    const before = this.faults;
    const last = pages.length - 1;
    let touched = 0;
    if (predictions !== undefined || this.eager) {
      const given = predictions ?? new Uint8Array(to);
      for (let i = from; i < to; i++) {
        touched ^= slotOf[pages[Math.min(i + AHEAD, last)]];
        if (late !== undefined && late[i] !== NO_PAGE) this.expire(late[i]);
        this.request(pages[i], given[i]);
      }
    } else {
      for (let i = from; i < to; i++) {
        touched ^= slotOf[pages[Math.min(i + AHEAD, last)]];
        const page = pages[i];
        const slot = slotOf[page];
        if (slot >= 0) policy.hit(slot, page, 0);
        else this.fault(page, 0, NOTHING);
      }
    }
    this.touched = touched;
    return this.faults - before;
  }

  /**
   * Evicts exactly `count` pages and returns them in order of eviction, or changes nothing and returns `null` if fewer
   * are unprotected. O(capacity) for the check, then `count` victims.
   */
  evict(count: number, protectedSlots: IndexSet = NOTHING): number[] | null {
    let evictable = 0;
    for (let slot = 0; slot < this.capacity; slot++) {
      if (this.pageIn[slot] !== NO_PAGE && !protectedSlots.has(slot)) evictable++;
    }
    if (evictable < count) return null;
    const evicted: number[] = [];
    while (evicted.length < count) {
      const slot = this.vacate(NO_PAGE, 0, protectedSlots);
      evicted.push(this.pageIn[slot]);
      this.release(slot);
    }
    return evicted;
  }

  /** Takes a resident page away, whatever the policy thinks of it. */
  remove(page: number): void {
    const slot = this.slotOf[page];
    assert(slot >= 0, `page ${page} is not resident and cannot be removed`);
    this.leave(slot);
    this.release(slot);
  }

  /**
   * Checks the cache and the policy's own structures; called at the end of every run. O(capacity + pageCount).
   *
   * @throws Error if anything disagrees
   */
  audit(): void {
    const occupied = new IndexSet(this.capacity);
    for (let page = 0; page < this.slotOf.length; page++) {
      const slot = this.slotOf[page];
      if (slot < 0) continue;
      assert(this.pageIn[slot] === page, `page ${page} and slot ${slot} disagree`);
      assert(!occupied.has(slot), `slot ${slot} holds two pages`);
      occupied.add(slot);
    }
    assert(occupied.count === this.size, `${occupied.count} pages are resident, ${this.size} were counted`);
    this.policy.audit?.(occupied);
  }

  protected fault(page: number, prediction: number, protectedSlots: IndexSet): void {
    this.faults++;
    const slot =
      this.freeCount > 0 ? this.free[--this.freeCount] : this.vacate(page, prediction, protectedSlots);
    this.slotOf[page] = slot;
    this.pageIn[slot] = page;
    this.policy.load(slot, page, prediction);
  }

  /** Has the policy name a victim and lets it leave; returns its slot, which does not count as free. */
  protected vacate(page: number, prediction: number, protectedSlots: IndexSet): number {
    const slot = this.policy.victim(page, prediction, protectedSlots);
    // `undefined` where the policy names NaN, a fraction or a slot outside.
    const resident = (this.pageIn[slot] ?? NO_PAGE) !== NO_PAGE;
    if (!resident || protectedSlots.has(slot)) throw new Error(misnamed(slot, resident));
    this.leave(slot);
    return slot;
  }

  /** The page in a slot leaves, and is returned; the slot waits for another page or for being freed. */
  protected leave(slot: number): number {
    const page = this.pageIn[slot];
    this.policy.remove(slot, page);
    this.slotOf[page] = -1;
    return page;
  }

  protected release(slot: number): void {
    this.pageIn[slot] = NO_PAGE;
    this.free[this.freeCount++] = slot;
  }

  private letLeave(protectedSlots: IndexSet): void {
    for (;;) {
      const slot = this.policy.leaving?.(protectedSlots) ?? -1;
      if (slot < 0) return;
      const resident = this.pageIn[slot] !== NO_PAGE;
      if (!resident || protectedSlots.has(slot)) throw new Error(misnamed(slot, resident));
      this.leave(slot);
      this.release(slot);
    }
  }
}

/** Apart from `replace`, so that no message is composed while all is well. */
function misnamed(slot: number, resident: boolean): string {
  return `the policy named slot ${slot} as its victim, which ${resident ? 'is protected' : 'holds no page'}`;
}
