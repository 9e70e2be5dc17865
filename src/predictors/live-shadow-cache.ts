import { IndexSet } from '../support/index-set.ts';
import { IndexedHeap } from '../support/indexed-heap.ts';
import { LinkedLists } from '../support/linked-lists.ts';

/** Share of a new price in the running mean, where fewer than so many blocks are priced at once. */
const FASTEST = 0.01;

/**
 * The cache of `lateDiscards`, one request after the other and at bounded memory, and its price: what the blocks that leave
 * are still worth, in hits a second, which is what a place in a cache of that size costs.
 * O(log capacity + spans) a request, and O(log capacity) for each span of age that a resident block outlives.
 */
export class LiveShadowCache {
  /** Running mean of the values of the blocks that left; 0 until one has left. */
  price = 0;
  private readonly capacity: number;
  private readonly ages: readonly number[];
  private readonly spans: number;
  private readonly time: Float64Array;
  private readonly step: Float64Array;
  private readonly values: Float32Array;
  private readonly lowest: IndexedHeap;
  private readonly nothing = new IndexSet(0);
  /** Residents, the one requested longest ago first. */
  private readonly order: LinkedLists;
  /** For each span the first resident that has not outlived it yet, −1 for none. */
  private readonly young: Int32Array;
  private steps = 0;

  /**
   * @param capacity in blocks
   * @param universe one more than the largest number of a block
   * @param ages bounds of the spans in seconds
   */
  constructor(capacity: number, universe: number, ages: readonly number[]) {
    this.capacity = capacity;
    this.ages = ages;
    this.spans = ages.length - 1;
    this.time = new Float64Array(universe);
    this.step = new Float64Array(universe);
    this.values = new Float32Array(universe * this.spans);
    this.lowest = new IndexedHeap(universe);
    this.order = new LinkedLists(universe, 1);
    this.young = new Int32Array(this.spans).fill(-1);
  }

  /**
   * Serves a request to a block.
   *
   * @param seconds its time, never decreasing
   * @param values of keeping it from each span of its age on (`keepValues`), at `from` and after
   * @returns the block that left for it, −1 for none
   */
  request(block: number, seconds: number, values: Float32Array, from: number): number {
    this.age(seconds);
    let left = -1;
    if (this.lowest.has(block)) {
      this.unlink(block);
    } else if (this.lowest.count === this.capacity) {
      left = this.lowest.highest(this.nothing);
      const share = Math.max(FASTEST / 10, Math.min(FASTEST, 10 / this.capacity));
      this.price += share * (Math.max(0, -this.lowest.key(left)) - this.price);
      this.forget(left);
    }
    this.time[block] = seconds;
    this.step[block] = this.steps++;
    for (let span = 0; span < this.spans; span++)
      this.values[block * this.spans + span] = values[from + span];
    this.lowest.set(block, -values[from]);
    this.order.append(0, block);
    for (let span = 0; span < this.spans; span++) if (this.young[span] < 0) this.young[span] = block;
    return left;
  }

  /** A block is gone, if it was there. */
  forget(block: number): void {
    if (!this.lowest.has(block)) return;
    this.unlink(block);
    this.lowest.delete(block);
  }

  private unlink(block: number): void {
    for (let span = 0; span < this.spans; span++) {
      if (this.young[span] === block) this.young[span] = this.order.after(block);
    }
    this.order.remove(block);
  }

  private age(now: number): void {
    for (let span = 0; span < this.spans; span++) {
      const before = now - this.ages[span + 1];
      let block = this.young[span];
      for (; block >= 0 && this.time[block] <= before; block = this.order.after(block)) {
        const value =
          span + 1 < this.spans ? -this.values[block * this.spans + span + 1] : 1 / (1 + this.step[block]);
        this.lowest.set(block, value);
      }
      this.young[span] = block;
    }
  }
}
