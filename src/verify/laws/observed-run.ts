import type { Cache } from '../../paging/cache.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import { NO_PAGE } from '../../paging/policy.ts';
import type { IndexSet } from '../../support/index-set.ts';
import type { Instance } from '../instance.ts';
import { startCache } from './law.ts';

/** A run seen from the outside: what was resident before and after each request. */
export class ObservedRun {
  readonly cache: Cache;
  readonly isEager: boolean;
  /** Of the latest request: whether it was a hit, whether no slot was free before, and the pages that left. */
  hit = false;
  wasFull = false;
  readonly left: number[] = [];
  private readonly before: Uint32Array;

  constructor(policy: CatalogPolicy, instance: Instance) {
    this.cache = startCache(policy, instance);
    this.isEager = policy.eager;
    this.before = new Uint32Array(instance.capacity);
  }

  serve(page: number, prediction: number, protectedSlots?: IndexSet): void {
    const { cache, before, left } = this;
    before.set(cache.pageIn);
    this.wasFull = cache.size === cache.capacity;
    this.hit = cache.request(page, prediction, protectedSlots);
    left.length = 0;
    for (const other of before) if (other !== NO_PAGE && cache.slotOf[other] < 0) left.push(other);
    if (!this.hit && cache.slotOf[page] < 0) left.push(page);
  }

  /** How the latest request broke what holds at every one of them, whatever was predicted and protected. */
  complaint(page: number, prediction: number): string | undefined {
    const { left, hit, wasFull, isEager } = this;
    const resident = this.cache.slotOf[page] >= 0;
    if (!isEager && !resident) return `page ${page} was not loaded by its own request`;
    if (!isEager && left.length > 1) return `pages ${left.join(', ')} left for one fault`;
    if (!hit && wasFull) return undefined;
    const needless = left.find((other) => other !== page || !isEager || prediction === 0);
    if (needless === undefined) return undefined;
    return `page ${needless} left ${hit ? `at a hit of page ${page}` : 'while a slot was free'}`;
  }
}
