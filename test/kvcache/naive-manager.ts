/** The block manager as its description reads, on maps and lists: everything derived is recomputed each time. */
import type { Policy } from '../../src/paging/policy.ts';
import { IndexSet } from '../../src/support/index-set.ts';

/** Blocks are nodes of a ternary tree: digit d below node n is node 3n + d, and the root, which is no block, is 1. */
export const ROOT = 1;
export const parentOf = (block: number) => Math.floor(block / 3);

export interface NaiveLease {
  path: number[];
  privateSlots: number;
  released: boolean;
}

interface Resident {
  readonly slot: number;
  prediction: number;
}

const NO_PAGE = 0xffffffff;

export class NaiveManager {
  readonly capacity: number;
  /** Resident blocks, least recently touched first. */
  readonly blocks = new Map<number, Resident>();
  readonly leases: NaiveLease[] = [];
  private readonly retained = new Map<number, { until: number; priority: number }>();
  private readonly policy: Policy;
  private readonly needsNothing: boolean;
  private readonly budget: number;
  private readonly universe: number;
  /** Numbered blocks that are not resident, departed longest ago first. */
  private departed: number[] = [];
  private readonly numberOf = new Map<number, number>();
  private readonly free: number[];

  constructor(capacity: number, universe: number, policy: Policy, needsNothing: boolean, budget: number) {
    this.capacity = capacity;
    this.universe = universe;
    this.policy = policy;
    this.needsNothing = needsNothing;
    this.budget = budget;
    this.free = Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
  }

  holders(block: number): number {
    return this.leases.filter(({ path, released }) => !released && path.includes(block)).length;
  }

  mustStay(block: number): boolean {
    return this.holders(block) > 0 || [...this.blocks.keys()].some((other) => parentOf(other) === block);
  }

  inUse(): number {
    const pinned = [...this.blocks.keys()].filter((block) => this.holders(block) > 0).length;
    return this.leases.reduce(
      (sum, { privateSlots, released }) => sum + (released ? 0 : privateSlots),
      pinned,
    );
  }

  match(path: readonly number[]): number {
    const first = path.findIndex((block) => !this.blocks.has(block));
    return first < 0 ? path.length : first;
  }

  allocate(path: readonly number[], bits: readonly number[], privateSlots: number): NaiveLease | null {
    const matched = this.match(path);
    const unpinned = path.slice(0, matched).filter((block) => this.holders(block) === 0).length;
    if (path.length - matched + privateSlots > this.capacity - this.inUse() - unpinned) return null;
    const lease = { path: [...path], privateSlots: 0, released: false };
    this.leases.push(lease);
    this.enter(path, matched, bits);
    for (let i = 0; i < privateSlots; i++) this.takePrivate(lease);
    this.letLeave();
    return lease;
  }

  grow(lease: NaiveLease): boolean {
    if (this.capacity - this.inUse() === 0) return false;
    this.takePrivate(lease);
    return true;
  }

  complete(lease: NaiveLease, path: readonly number[], bits: readonly number[]): void {
    lease.privateSlots -= path.length;
    const slots = this.slotsOf(lease);
    for (const slot of slots.splice(-path.length, path.length)) this.free.push(slot);
    const matched = this.match(path);
    lease.path.push(...path);
    this.enter(path, matched, bits);
    this.letLeave();
  }

  amend(path: readonly number[], bits: readonly number[]): void {
    if (this.needsNothing) return;
    for (let i = this.match(path) - 1; i >= 0; i--) {
      if (bits[i] !== this.blocks.get(path[i])?.prediction) this.tell(path[i], bits[i]);
    }
    this.letLeave();
  }

  release(lease: NaiveLease): void {
    lease.released = true;
    this.free.push(...this.slotsOf(lease));
  }

  evict(count: number, spared: readonly number[]): number[] | null {
    const path = spared.filter((block) => this.blocks.has(block)).flatMap(withAncestors);
    const pin = { path, privateSlots: 0, released: false };
    this.leases.push(pin);
    const possible = [...this.blocks.keys()].filter((block) => this.holders(block) === 0).length >= count;
    const evicted = possible ? Array.from({ length: count }, () => this.evictOne(NO_PAGE, 0)) : null;
    this.leases.pop();
    return evicted;
  }

  retain(path: readonly number[], until: number, priority: number): number {
    for (let i = 0; i < this.match(path); i++) {
      if (!this.retained.has(path[i]) && this.retained.size >= this.budget) {
        const lowest = this.lowestRetained();
        if (lowest === undefined || (this.retained.get(lowest)?.priority ?? 0) >= priority) return i;
        this.retained.delete(lowest);
      }
      this.retained.set(path[i], { until, priority });
    }
    return this.match(path);
  }

  expire(now: number): void {
    for (const [block, { until }] of this.retained) if (until <= now) this.retained.delete(block);
  }

  clear(): boolean {
    if (this.inUse() > 0) return false;
    for (let slot = 0; slot < this.capacity; slot++) {
      let block = [...this.blocks].find(([, resident]) => resident.slot === slot)?.[0] ?? ROOT;
      for (; block > 2 && !this.mustStay(block); block = parentOf(block)) this.remove(block);
    }
    return true;
  }

  private readonly privates = new Map<NaiveLease, number[]>();

  private slotsOf(lease: NaiveLease): number[] {
    const slots = this.privates.get(lease) ?? [];
    this.privates.set(lease, slots);
    return slots;
  }

  private takePrivate(lease: NaiveLease): void {
    if (this.free.length === 0) this.evictOne(NO_PAGE, 0);
    this.slotsOf(lease).push(this.free.pop() as number);
    lease.privateSlots++;
  }

  private enter(path: readonly number[], matched: number, bits: readonly number[]): void {
    for (let i = path.length - 1; i >= matched; i--) {
      const number = this.number(path[i]);
      if (this.free.length === 0) this.evictOne(number, bits[i]);
      const slot = this.free.pop() as number;
      this.departed = this.departed.filter((other) => other !== path[i]);
      this.blocks.set(path[i], { slot, prediction: bits[i] });
      this.policy.load(slot, number, bits[i]);
    }
    for (let i = matched - 1; i >= 0; i--) {
      const resident = this.blocks.get(path[i]) as Resident;
      this.blocks.delete(path[i]);
      this.blocks.set(path[i], resident);
      this.tell(path[i], bits[i]);
    }
  }

  private tell(block: number, bit: number): void {
    const resident = this.blocks.get(block) as Resident;
    resident.prediction = this.holders(block) > 1 ? Math.min(resident.prediction, bit) : bit;
    this.policy.hit(resident.slot, this.numberOf.get(block) as number, resident.prediction);
  }

  private protectedSlots(): IndexSet {
    const set = new IndexSet(this.capacity);
    for (const [block, { slot }] of this.blocks)
      if (this.mustStay(block) || this.retained.has(block)) set.add(slot);
    return set;
  }

  private evictOne(number: number, bit: number): number {
    while (this.protectedSlots().count === this.blocks.size) {
      const lowest = this.lowestRetained();
      if (lowest === undefined) break;
      this.retained.delete(lowest);
    }
    const slot = this.policy.victim(number, bit, this.protectedSlots());
    return this.remove(this.blockIn(slot));
  }

  private letLeave(): void {
    const leaving = () => this.policy.leaving?.(this.protectedSlots()) ?? -1;
    for (let slot = leaving(); slot >= 0; slot = leaving()) this.remove(this.blockIn(slot));
  }

  private blockIn(slot: number): number {
    return ([...this.blocks].find(([, resident]) => resident.slot === slot) as [number, Resident])[0];
  }

  private remove(block: number): number {
    const { slot } = this.blocks.get(block) as Resident;
    this.policy.remove(slot, this.numberOf.get(block) as number);
    this.blocks.delete(block);
    this.retained.delete(block);
    this.departed.push(block);
    this.free.push(slot);
    return block;
  }

  private number(block: number): number {
    let number = this.numberOf.get(block);
    if (number !== undefined) return number;
    number = this.numberOf.size;
    if (number === this.universe) {
      const oldest = this.departed.shift() as number;
      number = this.numberOf.get(oldest) as number;
      this.numberOf.delete(oldest);
    }
    this.numberOf.set(block, number);
    this.departed.push(block);
    return number;
  }

  private lowestRetained(): number | undefined {
    const rank = ([block, { priority }]: [number, { priority: number }]) =>
      priority * this.capacity + (this.blocks.get(block)?.slot ?? 0);
    return [...this.retained].sort((a, b) => rank(a) - rank(b))[0]?.[0];
  }
}

function withAncestors(block: number): number[] {
  const path: number[] = [];
  for (let above = block; above > 2; above = parentOf(above)) path.push(above);
  return path;
}
