/**
 * Hyperbolic caching: evict the page with the fewest requests per step since it was loaded, of a random sample of resident
 * pages (Blankstein, Sen and Freedman, *Hyperbolic caching: flexible caching for web applications*, USENIX ATC 2017; a
 * sample of 64 is theirs). Priorities fall with time at different rates, so no order of the pages could be kept; hence the
 * sample. Where pages differ in size and in what a fault costs, the requests per step are multiplied by cost / size, as in
 * the paper. O(1) a hit, O(sample) a fault. A page that leaves is forgotten. Of equal priorities the page loaded first goes.
 *
 * Departures: time is counted in requests; pages are drawn with replacement, and a cache of no more pages than the sample is
 * looked at as a whole; where the whole sample is protected, all pages are looked at, which costs O(k). A run has at most
 * 2³² − 1 requests.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import type { Weights } from '../../paging/weights.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { wholeNumber } from './parameters.ts';

export class Hyperbolic implements Policy {
  private readonly resident: IndexSet;
  private readonly sample: number;
  private readonly random: Random;
  /** Requests since loading, and the step of loading. */
  private readonly frequency: Uint32Array;
  private readonly loadedAt: Uint32Array;
  /** Cost / size of the page in each slot. */
  private readonly density: Float64Array | undefined;
  private readonly weights: Weights | undefined;
  private now = 0;

  /**
   * @param capacity k
   * @param sample pages drawn at a fault, at least 1
   * @param weights of all pages; without them all weigh the same
   */
  constructor(capacity: number, sample: number, random: Random, weights?: Weights) {
    this.resident = new IndexSet(capacity);
    this.sample = sample;
    this.random = random;
    this.frequency = new Uint32Array(capacity);
    this.loadedAt = new Uint32Array(capacity);
    this.weights = weights;
    this.density = weights && new Float64Array(capacity);
  }

  hit(slot: number): void {
    this.frequency[slot]++;
    this.now++;
  }

  load(slot: number, page: number): void {
    const { weights, density } = this;
    if (weights && density) density[slot] = weights.costs[page] / weights.sizes[page];
    this.resident.add(slot);
    this.frequency[slot] = 1;
    this.loadedAt[slot] = this.now++;
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    const { members, count } = this.resident;
    const drawn = count > this.sample ? this.sample : 0;
    let victim = -1;
    for (let i = 0; i < drawn; i++)
      victim = this.lower(victim, members[this.random.below(count)], protectedSlots);
    if (victim >= 0) return victim;
    for (let i = 0; i < count; i++) victim = this.lower(victim, members[i], protectedSlots);
    return victim;
  }

  remove(slot: number): void {
    this.resident.delete(slot);
  }

  audit(occupied: IndexSet): void {
    assert(this.resident.count === occupied.count, 'hyperbolic has lost track of a slot');
  }

  /** Which of two slots goes first: one found so far, −1 for none, and one that may be protected. */
  private lower(found: number, slot: number, protectedSlots: IndexSet): number {
    if (protectedSlots.has(slot)) return found;
    if (found < 0) return slot;
    const { frequency, loadedAt, density, now } = this;
    const here = frequency[slot] * (density?.[slot] ?? 1);
    const there = frequency[found] * (density?.[found] ?? 1);
    const difference = here * (now - loadedAt[found]) - there * (now - loadedAt[slot]);
    return difference < 0 || (difference === 0 && loadedAt[slot] < loadedAt[found]) ? slot : found;
  }
}

export const hyperbolic: PolicyDefinition = {
  summary: 'of a random sample, the page with the fewest requests per step since loading leaves',
  reference: 'Blankstein, Sen and Freedman, Hyperbolic caching, USENIX ATC 2017',
  randomised: true,
  sizes: true,
  costs: true,
  parameters: { sample: 64 },
  create: ({ capacity, random, weights }, _wrapped, { sample }) =>
    new Hyperbolic(capacity, wholeNumber('sample', sample, 1, 1e6), random, weights),
};
