/**
 * The lift `discard(P)`: any policy P without predictions becomes one with discard bits (docs/certificates.md, section 4; derived in
 * this project). P is run on the sequence in which a page requested with bit 1 *departs* right after being served: P
 * forgets it and sees its next request as a load into a free slot. The page itself stays as a gift until its slot is
 * needed; slots of departed pages are given away least recently used first, before P is asked for a victim.
 *
 * If P is c-competitive on sequences with departures in the sense of Theorem 4 there, the lift is (1, c − 1, 1)-competitive. So
 * lazy Mark0 is `discard(marker)`, lazy Flush-When-All-0s is `discard(flush)`, and `discard(lru)` is the practical pair
 * of lists: the oldest discarded page first, else LRU. O(1) a request beside P's own work.
 *
 * Where P itself empties slots early (flush), those pages depart too, in P's order.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { oneBit } from '../../paging/guarantee.ts';
import type { Policy } from '../../paging/policy.ts';
import { assert, Failure } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';

/** A page that departs stays where it is, so that none has to be protected from departing. */
const NOTHING_PROTECTED = new IndexSet(0);

export class Discard implements Policy {
  private readonly inner: Policy;
  private readonly departed: LinkedLists;
  private readonly hasDeparted: Uint8Array;
  private readonly pageIn: Uint32Array;

  /**
   * @param capacity k
   * @param inner a fresh run of P for the same capacity
   */
  constructor(capacity: number, inner: Policy) {
    this.inner = inner;
    this.departed = new LinkedLists(capacity, 1);
    this.hasDeparted = new Uint8Array(capacity);
    this.pageIn = new Uint32Array(capacity);
  }

  hit(slot: number, page: number, bit: number): void {
    if (this.hasDeparted[slot] === 1) {
      this.departed.remove(slot);
      this.load(slot, page, bit);
    } else {
      this.inner.hit(slot, page, 0);
      this.letDepart(slot, bit);
    }
  }

  load(slot: number, page: number, bit: number): void {
    this.hasDeparted[slot] = 0;
    this.pageIn[slot] = page;
    this.inner.load(slot, page, 0);
    this.letDepart(slot, bit);
  }

  expire(slot: number, _page: number): void {
    if (slot >= 0 && this.hasDeparted[slot] === 0) this.depart(slot);
  }

  victim(page: number, _bit: number, protectedSlots: IndexSet): number {
    const slot = this.departed.firstOutside(0, protectedSlots);
    return slot >= 0 ? slot : this.inner.victim(page, 0, protectedSlots);
  }

  remove(slot: number, page: number): void {
    if (this.hasDeparted[slot] === 1) this.departed.remove(slot);
    else this.inner.remove(slot, page);
    this.hasDeparted[slot] = 0;
  }

  audit(occupied: IndexSet): void {
    const live = new IndexSet(this.hasDeparted.length);
    live.assign(occupied);
    for (let slot = this.departed.first(0); slot >= 0; slot = this.departed.after(slot)) {
      assert(occupied.has(slot) && this.hasDeparted[slot] === 1, `discard has lost track of slot ${slot}`);
      live.delete(slot);
    }
    this.inner.audit?.(live);
  }

  private letDepart(slot: number, bit: number): void {
    if (this.inner.leaving !== undefined) {
      let left = this.inner.leaving(NOTHING_PROTECTED);
      for (; left >= 0; left = this.inner.leaving(NOTHING_PROTECTED)) this.depart(left);
    }
    if (bit === 1) this.depart(slot);
  }

  private depart(slot: number): void {
    this.inner.remove(slot, this.pageIn[slot]);
    this.departed.append(0, slot);
    this.hasDeparted[slot] = 1;
  }
}

export const discard: PolicyDefinition = {
  summary: 'the lift: pages with discard bit 1 leave first, the wrapped policy decides among the others',
  reference: 'this project, docs/certificates.md',
  wraps: 1,
  example: 'discard(lru)',
  needs: ([wrapped]) => {
    if (wrapped.needs === 'nothing' && !wrapped.offline) return 'discard bit';
    throw new Failure(
      `discard(${wrapped.name}): wrap an online policy without predictions, such as discard(lru)`,
    );
  },
  marking: ([wrapped]) => wrapped.marking,
  stack: ([wrapped]) => wrapped.stack,
  guarantee: ([wrapped]) => {
    const ratio = wrapped.liftRatio;
    return ratio && oneBit(1, (k) => ratio(k) - 1, 'derived', 'this project, docs/certificates.md');
  },
  sizes: true,
  create: ({ capacity }, [wrapped]) => new Discard(capacity, wrapped),
};
