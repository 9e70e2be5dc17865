/**
 * OnlineMin (Brodal, Moruz and Negoescu, *OnlineMin: a fast strongly competitive randomized paging algorithm*, WAOA
 * 2011): it keeps the layers of the optimum's work function (Koutsoupias and Papadimitriou, *Beyond competitive
 * analysis*, SICOMP 2000) and holds the pages that a random order of all pages selects from them. H_k-competitive in
 * expectation, which no policy without predictions betters.
 *
 * Layers L_1 … L_k of pages, all others in L_0. A request to p in L_i, i ≥ 1, takes p out and merges what is left of L_i
 * into L_{i−1}; a request to p in L_0 merges the last two layers; then p alone is the last layer. With C_i the i pages
 * of C_{i−1} ∪ L_i that are highest in the order, the cache holds C = C_k. The victim is the lowest page of C in
 * L_1 ∪ … ∪ L_j, where j ≥ i is least such that C has j pages there (j = k for p in L_0).
 *
 * With departures (THEORY, section 3) there are k' ≤ k layers and k − k' free slots: a departing page is alone in the last
 * layer, which is dropped; a request to L_0 with a free slot appends a layer and merges nothing. A page taken away at
 * any other time departs as if it had just been requested.
 *
 * How it is kept: a new layer is always the last and only neighbours merge, so layers are intervals of the step of the latest
 * request, and k' steps at which they start are the whole structure. A page that C gives up while a slot is free stays
 * as *surplus*: a request to it costs nothing, and its slot is given away before C gives up another page.
 *
 * Coins: a page takes its place in the order once and for ever, when it is first compared with another. C depends on the order
 * at this step alone, and the order of all pages is uniform at every step, so an order that never changes has the same
 * expectation, and a coin tree has at most n! leaves for n pages, however long the sequence.
 *
 * O(log k) and one move of at most k numbers a hit, O(k) a fault, O(log n) expected at the first comparison of a page.
 * Departure: where all surplus is protected, the lowest unprotected page of C leaves, and departs.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive, harmonic } from '../../paging/guarantee.ts';
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import type { Random } from '../../support/random.ts';
import { RandomOrder } from '../../support/random-order.ts';

/** Lists of slots: those of C, least recently requested first, and the surplus, first given up first. */
const SELECTED = 0;
const SURPLUS = 1;

const NOTHING_PROTECTED = new IndexSet(0);

export class OnlineMin implements Policy {
  private step = 0;
  /** Steps at which the layers L_1 … L_layers start, ascending: index i − 1 for L_i. */
  private readonly starts: Float64Array;
  private layers = 0;
  /** Step of each page's latest request, 0 for a page that was never requested or has departed. */
  private readonly latest: Float64Array;
  private readonly order: RandomOrder;
  private readonly slots: LinkedLists;
  private readonly isSurplus: Uint8Array;
  private readonly pageIn: Uint32Array;
  private readonly capacity: number;
  /** Whether C has made room for the page that is about to be loaded. */
  private hasRoom = false;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number, random: Random) {
    this.capacity = capacity;
    this.starts = new Float64Array(capacity + 1);
    this.latest = new Float64Array(pageCount);
    this.order = new RandomOrder(pageCount, random);
    this.slots = new LinkedLists(capacity, 2);
    this.isSurplus = new Uint8Array(capacity);
    this.pageIn = new Uint32Array(capacity);
  }

  hit(slot: number, page: number): void {
    this.slots.remove(slot);
    if (this.isSurplus[slot] === 1) this.makeRoom(page);
    else this.dropLayer(this.layerOf(page));
    this.select(slot, page);
  }

  load(slot: number, page: number): void {
    if (!this.hasRoom) this.makeRoom(page);
    this.hasRoom = false;
    this.pageIn[slot] = page;
    this.select(slot, page);
  }

  victim(page: number, _prediction: number, protectedSlots: IndexSet): number {
    if (page !== NO_PAGE) {
      this.makeRoom(page);
      this.hasRoom = true;
    }
    const surplus = this.slots.firstOutside(SURPLUS, protectedSlots);
    return surplus >= 0 ? surplus : this.lowest(this.layers, protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.slots.remove(slot);
    if (this.isSurplus[slot] === 1) return;
    this.dropLayer(this.layerOf(page));
    this.latest[page] = 0;
  }

  audit(occupied: IndexSet): void {
    assert(this.slots.holdExactly(occupied), 'online-min has lost track of a slot');
    let selected = 0;
    for (let slot = this.slots.first(SELECTED); slot >= 0; slot = this.slots.after(slot)) selected++;
    assert(selected === this.layers, 'online-min does not hold one page a layer');
  }

  /** Takes a page that C lacks out of its layer and moves the page that C gives up for it to the surplus. */
  private makeRoom(page: number): void {
    const layer = this.layerOf(page);
    if (layer === 0 && this.layers < this.capacity) return;
    const slot = this.lowest(layer === 0 ? this.layers : layer, NOTHING_PROTECTED);
    this.slots.moveToEnd(SURPLUS, slot);
    this.isSurplus[slot] = 1;
    this.dropLayer(layer === 0 ? this.layers : layer);
  }

  /** The requested page alone becomes the last layer. */
  private select(slot: number, page: number): void {
    this.latest[page] = ++this.step;
    this.starts[this.layers++] = this.step;
    this.slots.append(SELECTED, slot);
    this.isSurplus[slot] = 0;
  }

  /** Index of the page's layer, 0 … layers. O(log k). */
  private layerOf(page: number): number {
    const step = this.latest[page];
    let low = 0;
    let high = this.layers;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Merges a layer, 1 … layers, into the one before it. */
  private dropLayer(layer: number): void {
    this.starts.copyWithin(layer - 1, layer, this.layers--);
  }

  /**
   * The lowest unprotected page of C in L_1 ∪ … ∪ L_j, where j ≥ `layer` is least such that C has j pages there; −1 if
   * all are protected. O(k).
   */
  private lowest(layer: number, protectedSlots: IndexSet): number {
    let lowest = -1;
    let count = 0;
    let current = 1;
    for (let slot = this.slots.first(SELECTED); slot >= 0; slot = this.slots.after(slot)) {
      const page = this.pageIn[slot];
      for (; current < this.layers && this.latest[page] >= this.starts[current]; current++) {
        if (current >= layer && count === current) return lowest;
      }
      count++;
      if (protectedSlots.has(slot)) continue;
      if (lowest < 0 || this.order.isBelow(page, this.pageIn[lowest])) lowest = slot;
    }
    return lowest;
  }
}

const EQUITABLE = 'Achlioptas, Chrobak and Noga, TCS 2000; Brodal, Moruz and Negoescu, WAOA 2011';

export const onlineMin: PolicyDefinition = {
  summary: 'the layers of the optimum, and a random order that selects from them: the best ratio there is',
  reference: EQUITABLE,
  randomised: true,
  guarantee: competitive(harmonic, EQUITABLE),
  liftRatio: harmonic,
  create: ({ capacity, pageCount, random }) => new OnlineMin(capacity, pageCount, random),
};
