/**
 * GDSF, greedy dual with sizes and frequencies: evict the page with the least value, which is the age of the cache when
 * the page was last requested, plus frequency · cost / size. The cache ages by evicting: its age is the value of the latest
 * victim (Cherkasova, *Improving WWW proxies performance with greedy-dual-size-frequency caching policy*, HP Laboratories
 * 1998, after Young's greedy dual and Cao and Irani's GreedyDual-Size). O(log k) a request. Of equal values the lowest slot
 * goes first, which the paper leaves open. Where all pages weigh the same this is LFU with ageing.
 *
 * A page's frequency starts at 1 with each load. Departure: protected pages are passed over, which costs O(k).
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import type { Weights } from '../../paging/weights.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';

export class Gdsf implements Policy {
  /** Negative values, so that the least valuable page is the highest of the heap. */
  private readonly worthless: IndexedHeap;
  private readonly value: Float64Array;
  private readonly frequency: Uint32Array;
  private readonly weights: Weights | undefined;
  private age = 0;

  /** @param weights of all pages; without them all weigh the same */
  constructor(capacity: number, weights?: Weights) {
    this.worthless = new IndexedHeap(capacity);
    this.value = new Float64Array(capacity);
    this.frequency = new Uint32Array(capacity);
    this.weights = weights;
  }

  hit(slot: number, page: number): void {
    const { weights } = this;
    const density = weights === undefined ? 1 : weights.costs[page] / weights.sizes[page];
    this.value[slot] = this.age + ++this.frequency[slot] * density;
    this.worthless.set(slot, -this.value[slot]);
  }

  load(slot: number, page: number): void {
    this.frequency[slot] = 0;
    this.hit(slot, page);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const slot = this.worthless.highest(protectedSlots);
    this.age = this.value[slot];
    return slot;
  }

  remove(slot: number): void {
    this.worthless.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.worthless.count === occupied.count, 'gdsf has lost track of a slot');
  }
}

export const gdsf: PolicyDefinition = {
  summary: 'the page of least age plus frequency · cost / size leaves',
  reference: 'Cherkasova, HP Laboratories 1998',
  sizes: true,
  costs: true,
  create: ({ capacity, weights }) => new Gdsf(capacity, weights),
};
