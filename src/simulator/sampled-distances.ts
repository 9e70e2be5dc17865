/**
 * LRU's stack distances estimated from a sample of the pages: fixed-size SHARDS (Waldspurger, Park, Garthwaite and Ahmad,
 * *Efficient MRC construction with SHARDS*, FAST 2015). A page is sampled if its hash is below a threshold; when there
 * are too many, the one with the highest hash goes and its hash is the new threshold. A request to a sampled page stands
 * for as many requests as the rate has pages for one, and so does each page between it and the last. As in SHARDS-adj, the
 * requests by which the sample stands for too few or too many, mostly to a few hot pages, are put at the shortest distance.
 *
 * One difference: a page that comes and goes at once is not counted, and one that comes while another goes is counted at
 * the new rate. The rate is then the chance of a page to be in the sample, given the others, and the counts are unbiased.
 */
import { IndexSet } from '../support/index-set.ts';
import { IndexedHeap } from '../support/indexed-heap.ts';
import { Timeline } from './timeline.ts';

/** Distances above the number of sampled pages are told apart to one part in about 370. */
const STEPS_PER_DOUBLING = 256;
const HASHES = 2 ** 32;

/** Memory: about 100 bytes a sampled page, whatever the number of pages and requests. */
export class SampledDistances {
  /** Requests so far. */
  requests = 0;
  /** Most pages that are held, and no distance is larger than the number of all pages. */
  private readonly limit: number;
  private readonly pageCount: number;
  private readonly salt: number;
  /** Pages with a hash below it are sampled. */
  private threshold = HASHES;
  /** Pages held have a slot each. */
  private readonly slotOf = new Map<number, number>();
  private readonly pageAt: Uint32Array;
  /** The slots by the hashes of their pages. No two pages have the same. */
  private readonly hashes: IndexedHeap;
  private readonly timeline: Timeline;
  /** Requests that a sampled page stands for, first requests at index 0, others by their distance, see `bucket`. */
  private readonly weights: Float64Array;
  private readonly nobody = new IndexSet(0);

  /**
   * @param limit most sampled pages, 1 … 2²³
   * @param pageCount pages are 0 … pageCount − 1
   * @param seed which pages are sampled, an integer
   */
  constructor(limit: number, pageCount: number, seed: number) {
    this.limit = limit;
    this.pageCount = pageCount;
    this.salt = scatter(seed);
    this.pageAt = new Uint32Array(limit);
    this.hashes = new IndexedHeap(limit);
    this.timeline = new Timeline(limit);
    this.weights = new Float64Array(limit + 2 + Math.ceil(STEPS_PER_DOUBLING * Math.log2(HASHES / limit)));
  }

  /** Pages in the sample. */
  get held(): number {
    return this.slotOf.size;
  }

  /** The share of pages that are sampled; 1 as long as there were not too many. */
  get rate(): number {
    return this.threshold / HASHES;
  }

  /** O(1) a request, and O(log limit) for a sampled page. */
  serve(pages: Uint32Array): void {
    const { salt } = this;
    this.requests += pages.length;
    for (let i = 0; i < pages.length; i++) {
      const hash = scatter(pages[i] ^ salt);
      if (hash < this.threshold) this.sample(pages[i], hash);
    }
  }

  /**
   * Estimated hits at some capacities.
   *
   * @param capacities ascending, each at least 1
   */
  hits(capacities: ArrayLike<number>): Float64Array {
    let sampled = 0;
    for (const weight of this.weights) sampled += weight;
    const found = new Float64Array(capacities.length);
    let [hits, next] = [this.requests - sampled, 1];
    for (let i = 0; i < capacities.length; i++) {
      for (const end = this.lastBucket(capacities[i]); next <= end; next++) hits += this.weights[next];
      found[i] = Math.min(this.requests, Math.max(0, hits));
    }
    return found;
  }

  private sample(page: number, hash: number): void {
    const held = this.slotOf.get(page);
    const slot = held ?? this.makeRoom(hash);
    if (slot < 0) return;
    if (held === undefined) {
      this.slotOf.set(page, slot);
      this.pageAt[slot] = page;
      this.hashes.set(slot, hash);
    }
    const between = this.timeline.request(slot) - 1;
    const { rate } = this;
    const distance = Math.min(this.pageCount, 1 + between / rate);
    this.weights[between < 0 ? 0 : this.bucket(distance)] += 1 / rate;
  }

  /** The largest distance counted so far, or 1. */
  get largestDistance(): number {
    const last = this.weights.findLastIndex((weight) => weight > 0);
    if (last <= this.limit) return Math.max(1, last);
    return Math.ceil(this.limit * 2 ** ((last - this.limit) / STEPS_PER_DOUBLING));
  }

  /** A slot for a page, or −1 if its hash is higher than all that are held and there is no room. */
  private makeRoom(hash: number): number {
    if (this.held < this.limit) return this.held;
    const highest = this.hashes.highest(this.nobody);
    this.threshold = Math.max(hash, this.hashes.key(highest));
    if (this.threshold === hash) return -1;
    this.slotOf.delete(this.pageAt[highest]);
    this.timeline.forget(highest);
    return highest;
  }

  /** Where a distance is counted: exactly up to the limit, then in steps of equal ratio, as if it were where its step begins. */
  private bucket(distance: number): number {
    if (distance <= this.limit) return Math.ceil(distance);
    return this.limit + Math.floor(STEPS_PER_DOUBLING * Math.log2(distance / this.limit));
  }

  /** The last of the steps that begin at a capacity or before. */
  private lastBucket(capacity: number): number {
    if (capacity <= this.limit) return capacity;
    const step = Math.floor(STEPS_PER_DOUBLING * Math.log2(capacity / this.limit));
    return Math.min(this.weights.length - 1, this.limit + step);
  }
}

/** The finaliser of MurmurHash3: to each of 2³² integers another one, in 0 … 2³² − 1. */
function scatter(integer: number): number {
  let mixed = Math.imul(integer ^ (integer >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
