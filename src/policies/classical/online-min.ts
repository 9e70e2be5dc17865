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
 * With departures (docs/certificates.md, section 4) there are k' ≤ k layers and k − k' free slots: a departing page is alone in the
 * last layer, which is dropped; a request to L_0 with a free slot appends a layer and merges nothing. A page taken away at
 * any other time departs as if it had just been requested.
 *
 * How it is kept: a new layer is always the last and only neighbours merge, so layers are intervals of the step of the latest
 * request, and k' steps at which they start are the whole structure (`layer-tree`). A page that C gives up while a slot is free stays
 * as *surplus*: a request to it costs nothing, and its slot is given away before C gives up another page.
 *
 * Coins: a page takes its place in the order once and for ever, when it is first compared with another. C depends on the order
 * at this step alone, and the order of all pages is uniform at every step, so an order that never changes has the same
 * expectation, and a coin tree has at most n! leaves for n pages, however long the sequence.
 *
 * O(log k) amortised a request, O(log n) expected at the first comparison of a page; O(k) a victim where no page is requested or all surplus is protected.
 * Departure: where all surplus is protected, the lowest unprotected page of C leaves, and departs.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { competitive, harmonic } from '../../paging/guarantee.ts';
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import type { IndexSet } from '../../support/index-set.ts';
import { LinkedLists } from '../../support/linked-lists.ts';
import type { Random } from '../../support/random.ts';
import { RandomOrder } from '../../support/random-order.ts';
import { LayerTree } from './layer-tree.ts';

/** Lists of slots: those of C, least recently requested first, and the surplus, first given up first. */
const SELECTED = 0;
const SURPLUS = 1;

export class OnlineMin implements Policy {
  private step = 0;
  private readonly tree: LayerTree;
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
    this.tree = new LayerTree(capacity, (a, b) => this.order.isBelow(this.pageIn[a], this.pageIn[b]));
    this.latest = new Float64Array(pageCount);
    this.order = new RandomOrder(pageCount, random);
    this.slots = new LinkedLists(capacity, 2);
    this.isSurplus = new Uint8Array(capacity);
    this.pageIn = new Uint32Array(capacity);
  }

  hit(slot: number, page: number): void {
    this.slots.remove(slot);
    if (this.isSurplus[slot] === 1) this.makeRoom(page);
    else this.tree.withdraw(slot);
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
    return surplus >= 0 ? surplus : this.lowestOutside(protectedSlots);
  }

  remove(slot: number, page: number): void {
    this.slots.remove(slot);
    if (this.isSurplus[slot] === 1) return;
    this.tree.withdraw(slot);
    this.latest[page] = 0;
  }

  audit(occupied: IndexSet): void {
    assert(this.slots.holdExactly(occupied), 'online-min has lost track of a slot');
    let selected = 0;
    for (let slot = this.slots.first(SELECTED); slot >= 0; slot = this.slots.after(slot)) selected++;
    assert(selected === this.tree.layers, 'online-min does not hold one page a layer');
  }

  /** Takes a page that C lacks out of its layer and moves the page that C gives up for it to the surplus. */
  private makeRoom(page: number): void {
    const { tree } = this;
    const start = tree.startAround(this.latest[page]);
    if (start < 0 && tree.layers < this.capacity) return;
    const slot = start < 0 ? tree.lowest() : tree.lowestAround(this.latest[page]);
    this.slots.moveToEnd(SURPLUS, slot);
    this.isSurplus[slot] = 1;
    tree.deselect(slot);
    tree.dropLayer(start < 0 ? tree.lastStart() : start);
  }

  /** The requested page alone becomes the last layer. */
  private select(slot: number, page: number): void {
    this.latest[page] = ++this.step;
    this.tree.append(slot, this.step);
    this.slots.append(SELECTED, slot);
    this.isSurplus[slot] = 0;
  }

  /** The lowest unprotected page of C. O(k). */
  private lowestOutside(protectedSlots: IndexSet): number {
    let lowest = -1;
    for (let slot = this.slots.first(SELECTED); slot >= 0; slot = this.slots.after(slot)) {
      if (protectedSlots.has(slot)) continue;
      if (lowest < 0 || this.order.isBelow(this.pageIn[slot], this.pageIn[lowest])) lowest = slot;
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
