/**
 * LHD, least hit density: evict the page expected to give the fewest hits for the room and time it takes. What is expected of
 * a page of a certain age is what became of earlier ones of that age: of all whose time without a request got that far, the
 * share that was hit before it was evicted, over the time they stayed on. Among `samples` resident pages drawn at random the
 * one of least density, divided by its size, leaves (Beckmann, Chen and Cidon, *LHD: improving cache hit rate by
 * maximizing hit density*, NSDI 2018). O(samples) a victim; densities are computed anew every `period`·k requests, from
 * counts that fade by a tenth each time.
 *
 * A page's age is the number of requests since its last one. Pages are classed by how long their last two waits were, as
 * in the paper; before the first densities are known they are those of LRU.
 *
 * Departures: ages and waits are counted on a logarithmic scale, eight steps to a doubling, so that there is no width of
 * steps to adapt; recently admitted pages are not sampled in addition; a period in the paper is 2²⁰ requests. Of equal
 * densities the page drawn first leaves. Protected pages are drawn again, then all pages are looked at.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import type { Weights } from '../../paging/weights.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { wholeNumber } from './parameters.ts';

const STEPS_TO_A_DOUBLING = 8;
const AGES = 32 * STEPS_TO_A_DOUBLING;
/** Of waits, one to a doubling; and of pages that have not been hit twice. */
const CLASSES = 33;
const FADING = 0.9;

/** Requests that an age step spans, in units of its own beginning. */
const WIDTH = Float64Array.from(
  { length: AGES },
  (_, age) => 2 ** ((age + 1) / STEPS_TO_A_DOUBLING) - 2 ** (age / STEPS_TO_A_DOUBLING),
);

/** Before the first are known: by class and age, those of LRU. */
const FIRST_DENSITIES = Float64Array.from({ length: CLASSES * AGES }, (_, i) => 1 / (1 + (i % AGES)));

export class Lhd implements Policy {
  private readonly occupied: IndexSet;
  private readonly requestedAt: Float64Array;
  /** The last wait of each page, and the one before; 0 where there was none. */
  private readonly wait: Float64Array;
  private readonly earlierWait: Float64Array;
  private readonly pageIn: Uint32Array;
  /** By class and age. */
  private readonly hits = new Float64Array(CLASSES * AGES);
  private readonly events = new Float64Array(CLASSES * AGES);
  private readonly density: Float64Array;
  private readonly random: Random;
  private readonly weights: Weights | undefined;
  private readonly samples: number;
  private readonly period: number;
  private now = 0;

  /**
   * @param capacity k
   * @param samples pages drawn for a victim, at least 1
   * @param period requests between two computations of densities, at least 1
   * @param weights of all pages; without them all weigh the same
   */
  constructor(capacity: number, random: Random, samples: number, period: number, weights?: Weights) {
    this.occupied = new IndexSet(capacity);
    this.requestedAt = new Float64Array(capacity);
    this.wait = new Float64Array(capacity);
    this.earlierWait = new Float64Array(capacity);
    this.pageIn = new Uint32Array(capacity);
    this.density = FIRST_DENSITIES.slice();
    this.random = random;
    this.samples = samples;
    this.period = period;
    this.weights = weights;
  }

  hit(slot: number): void {
    this.count(slot, this.hits);
    this.earlierWait[slot] = this.wait[slot];
    this.wait[slot] = this.now - this.requestedAt[slot];
    this.tick(slot);
  }

  load(slot: number, page: number): void {
    this.occupied.add(slot);
    this.pageIn[slot] = page;
    this.wait[slot] = 0;
    this.earlierWait[slot] = 0;
    this.tick(slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const { members, count } = this.occupied;
    let least = -1;
    for (let i = 0; i < this.samples; i++) {
      least = this.lessDense(members[this.random.below(count)], least, protectedSlots);
    }
    for (let i = 0; least < 0 && i < count; i++) least = this.lessDense(members[i], least, protectedSlots);
    return least;
  }

  remove(slot: number): void {
    this.count(slot, undefined);
    this.occupied.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.occupied.count === occupied.count, 'lhd has lost track of a slot');
  }

  private lessDense(slot: number, least: number, protectedSlots: IndexSet): number {
    if (protectedSlots.has(slot)) return least;
    return least < 0 || this.densityOf(slot) < this.densityOf(least) ? slot : least;
  }

  private densityOf(slot: number): number {
    const { weights } = this;
    const density = this.density[this.cellOf(slot)];
    if (weights === undefined) return density;
    const page = this.pageIn[slot];
    return (density * weights.costs[page]) / weights.sizes[page];
  }

  /** Where a page is counted now: its class and its age. */
  private cellOf(slot: number): number {
    const age = this.now - this.requestedAt[slot];
    const waits = this.wait[slot] + this.earlierWait[slot];
    const group = this.earlierWait[slot] === 0 ? 0 : 1 + Math.floor(Math.log2(waits));
    const step = Math.floor(STEPS_TO_A_DOUBLING * Math.log2(Math.max(1, age)));
    return Math.min(group, CLASSES - 1) * AGES + Math.min(step, AGES - 1);
  }

  private count(slot: number, hits: Float64Array | undefined): void {
    const cell = this.cellOf(slot);
    this.events[cell]++;
    if (hits !== undefined) hits[cell]++;
  }

  private tick(slot: number): void {
    this.requestedAt[slot] = this.now++;
    if (this.now % this.period === 0) this.learn();
  }

  /** Densities from what was counted: hits at this age or later, over the time spent at this age or later. */
  private learn(): void {
    const { hits, events, density } = this;
    for (let group = 0; group < CLASSES; group++) {
      let [laterHits, laterEvents, laterTime] = [0, 0, 0];
      for (let age = AGES - 1; age >= 0; age--) {
        const cell = group * AGES + age;
        laterHits += hits[cell];
        laterEvents += events[cell];
        laterTime += laterEvents * WIDTH[age];
        density[cell] = laterTime > 0 ? laterHits / laterTime : 0;
        hits[cell] *= FADING;
        events[cell] *= FADING;
      }
    }
  }
}

export const lhd: PolicyDefinition = {
  summary:
    'of some pages drawn at random the one expected to give the fewest hits for its room and time leaves',
  reference: 'Beckmann, Chen and Cidon, LHD, NSDI 2018',
  randomised: true,
  sizes: true,
  costs: true,
  parameters: { samples: 32, period: 10 },
  create: ({ capacity, random, weights }, _wrapped, { samples, period }) =>
    new Lhd(
      capacity,
      random,
      wholeNumber('samples', samples, 1, 1024),
      wholeNumber('period', period, 1, 1e6) * capacity,
      weights,
    ),
};
