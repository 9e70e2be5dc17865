import { nextRequests } from '../../paging/belady.ts';
import type { Policy } from '../../paging/policy.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { OrderedBitset } from '../../support/ordered-bitset.ts';
import { stepsInOrder, type Workload } from './workload.ts';

/**
 * Belady's rule given pins: of the blocks that may leave the one whose next use is farthest. Each request carries the step
 * of the block's next use (`nextUses`), because a serving engine, unlike `Belady`, need not serve the sequence in order.
 * With what must stay taken as given it is the offline optimum of the hits; it is not told what serving other requests
 * first would be worth. O(log steps + protected blocks that are used later) a victim.
 */
export class FarthestNextUse implements Policy {
  private readonly uses: OrderedBitset;
  private readonly slotAt: Int32Array;
  private readonly useOf: Float64Array;

  /** @param steps requests of the sequence that `nextUses` was made for */
  constructor(capacity: number, steps: number) {
    this.uses = new OrderedBitset(2 * steps);
    this.slotAt = new Int32Array(2 * steps);
    this.useOf = new Float64Array(capacity);
  }

  hit(slot: number, page: number, use: number): void {
    this.remove(slot);
    this.load(slot, page, use);
  }

  load(slot: number, _page: number, use: number): void {
    this.uses.add(use);
    this.slotAt[use] = slot;
    this.useOf[slot] = use;
  }

  victim(_page: number, _use: number, protectedSlots: IndexSet): number {
    let use = this.uses.lastBelow(this.slotAt.length);
    while (protectedSlots.has(this.slotAt[use])) use = this.uses.lastBelow(use);
    return this.slotAt[use];
  }

  remove(slot: number): void {
    this.uses.delete(this.useOf[slot]);
  }
}

/** How a run went whose future is told. */
export interface Course {
  /** The number of each request's worker, below `workers`. */
  readonly homes: Uint32Array;
  readonly workers: number;
  /** The requests in the order in which they arrived. */
  readonly order: Uint32Array;
}

/**
 * For each block access a number that no other one has: the step of the next access to the same block on the same worker,
 * or, if there is none, a larger one that tells tails from heads, so that of two blocks of one path the tail always comes
 * later. Steps count the accesses in the order in which requests arrived.
 */
export function nextUses({ accesses, first }: Workload, { homes, workers, order }: Course): Float64Array {
  const { pages, pageCount } = accesses;
  const steps = stepsInOrder(first, order);
  const copies = new Uint32Array(pages.length);
  homes.forEach((home, r) => {
    for (let i = first[r]; i < first[r + 1]; i++) copies[steps[i]] = home * pageCount + pages[i];
  });
  const next = nextRequests({ pages: copies, pageCount: workers * pageCount });
  return Float64Array.from(steps, (step) => (next[step] < pages.length ? next[step] : pages.length + step));
}
