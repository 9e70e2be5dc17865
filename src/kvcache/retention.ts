import { IndexSet } from '../support/index-set.ts';
import { IndexedHeap } from '../support/indexed-heap.ts';

/** A wish that blocks stay for a while. */
export interface RetentionHint {
  /** Time until which the blocks shall stay, on the clock of the manager. */
  readonly until: number;
  /** Which wishes go first where the budget is short: 0 … 255, highest first; 0 if absent. */
  readonly priority?: number;
}

/**
 * The blocks that were asked to stay, at most `budget` of them. A wish beyond the budget takes the place of one with a
 * lower priority, or is refused. They stay until their time is over or until nothing else could leave. O(log budget) a
 * wish, O(budget) where the budget is short.
 */
export class Retention {
  readonly slots: IndexSet;
  private readonly budget: number;
  private readonly priority: Uint8Array;
  /** Highest key first, so the key is the negative time. */
  private readonly ends: IndexedHeap;
  private readonly none = new IndexSet(0);

  /** @param budget most blocks retained; 0 refuses every wish and takes no memory */
  constructor(capacity: number, budget: number) {
    const size = budget > 0 ? capacity : 0;
    this.budget = budget;
    this.slots = new IndexSet(size);
    this.priority = new Uint8Array(size);
    this.ends = new IndexedHeap(size);
  }

  has(slot: number): boolean {
    return this.slots.has(slot);
  }

  /** @returns the slot that is no longer retained because of this wish, −1 if none, or `slot` itself if it is refused */
  retain(slot: number, { until, priority = 0 }: RetentionHint): number {
    let displaced = -1;
    if (!this.has(slot)) {
      if (this.slots.count >= this.budget) {
        displaced = this.lowest();
        if (displaced < 0 || this.priority[displaced] >= priority) return slot;
        this.drop(displaced);
      }
      this.slots.add(slot);
    }
    this.priority[slot] = priority;
    this.ends.set(slot, -until);
    return displaced;
  }

  drop(slot: number): void {
    this.slots.delete(slot);
    this.ends.delete(slot);
  }

  /** A slot whose time is over, −1 if there is none. */
  expired(now: number): number {
    const slot = this.ends.highest(this.none);
    return slot >= 0 && this.ends.key(slot) >= -now ? slot : -1;
  }

  /** The first of the retained slots of the lowest priority, −1 if there is none. O(budget). */
  lowest(): number {
    let lowest = -1;
    for (let i = 0; i < this.slots.count; i++) {
      const slot = this.slots.members[i];
      const difference = lowest < 0 ? -1 : this.priority[slot] - this.priority[lowest];
      if (difference < 0 || (difference === 0 && slot < lowest)) lowest = slot;
    }
    return lowest;
  }
}
