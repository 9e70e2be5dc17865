import { Cache } from '../../src/paging/cache.ts';
import type { PolicyDescription } from '../../src/policies/description.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { IndexSet } from '../../src/support/index-set.ts';
import { SeededRandom } from '../../src/support/random.ts';

/** A cache that tells who left during the latest request. */
class WatchedCache extends Cache {
  left: number[] = [];

  protected override leave(slot: number): number {
    const page = super.leave(slot);
    this.left.push(page);
    return page;
  }
}

/**
 * What the engines' package must do, told with the library's own cache and policies: LRU until the first bit, then the
 * policy, to which the pages are handed over in order of their last use.
 */
export class LibraryRun {
  private cache: WatchedCache | undefined;
  /** Pages that are there, least recently used first. */
  readonly recency = new Set<number>();
  readonly pinned = new Set<number>();
  readonly capacity: number;
  private readonly pageCount: number;
  private readonly policy: PolicyDescription;
  private readonly seed: number;

  constructor(capacity: number, pageCount: number, policy: PolicyDescription, seed: number) {
    this.capacity = capacity;
    this.pageCount = pageCount;
    this.policy = policy;
    this.seed = seed;
  }

  clear(): void {
    this.cache = undefined;
    this.recency.clear();
    this.pinned.clear();
  }

  touch(page: number, bit: number | null): void {
    if (!this.recency.delete(page)) return;
    this.recency.add(page);
    if (this.cache === undefined && bit === null) return;
    this.cache ??= this.start();
    this.cache.request(page, bit ?? 0);
  }

  insert(page: number): void {
    this.recency.add(page);
    this.pinned.add(page);
    if (this.cache !== undefined && this.cache.slotOf[page] < 0) this.cache.request(page, 0);
  }

  remove(page: number): void {
    this.recency.delete(page);
    this.pinned.delete(page);
    this.cache?.remove(page);
  }

  /** Exactly `count` victims in order, or null and nothing changes. */
  evict(count: number, spared: readonly number[], incoming: readonly number[]): number[] | null {
    const stay = new Set([...this.pinned, ...spared.filter((page) => this.recency.has(page))]);
    if (this.recency.size - stay.size < count) return null;
    const victims = this.victims(count, stay, incoming);
    for (const page of victims) this.recency.delete(page);
    return victims;
  }

  audit(): void {
    this.cache?.audit();
  }

  private victims(count: number, stay: ReadonlySet<number>, incoming: readonly number[]): number[] {
    const { cache } = this;
    if (cache === undefined) return [...this.recency].filter((page) => !stay.has(page)).slice(0, count);
    const slots = new IndexSet(this.capacity);
    for (const page of stay) slots.add(cache.slotOf[page]);
    if (incoming.length !== count + this.capacity - this.recency.size) return cache.evict(count, slots) ?? [];
    cache.left = [];
    for (const page of incoming) {
      cache.request(page, 0, slots);
      slots.add(cache.slotOf[page]);
    }
    return [...cache.left];
  }

  private start(): WatchedCache {
    const { capacity, pageCount } = this;
    const random = new SeededRandom(this.seed);
    const sequence = { pages: new Uint32Array(0), pageCount };
    const policy = findPolicy(this.policy).create({ capacity, pageCount, random, sequence });
    const cache = new WatchedCache(capacity, pageCount, policy);
    // The page that is touched right now stands last, and is requested once more with its bit.
    for (const page of this.recency) cache.request(page, 0);
    return cache;
  }
}
