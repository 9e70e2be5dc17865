import { assert } from '../support/failure.ts';
import { IndexSet } from '../support/index-set.ts';

const NONE = -1;

/**
 * The slots of a cache and the prefix tree of the blocks in them. A slot is free, private to one request (a partial or
 * unfinished block, which is no part of the tree), or holds a block below its parent. A block is *pinned* while requests
 * hold it; a request holds whole paths, so the ancestors of a pinned block are pinned. Blocks that are pinned or have
 * children, inner blocks, cannot leave. Every operation is O(1); 20 bytes a slot.
 */
export class BlockTree {
  readonly capacity: number;
  /** Slots that a policy must not name: pinned, inner and retained blocks. */
  readonly protectedSlots: IndexSet;
  /** Free slots; those private to requests; blocks; pinned blocks. */
  freeCount: number;
  privateCount = 0;
  blockCount = 0;
  pinnedCount = 0;
  /** Slot of the parent; in a free slot the next free one. */
  private readonly parents: Int32Array;
  private readonly children: Uint32Array;
  private readonly holders: Uint32Array;
  private readonly retained: IndexSet;
  private firstFree = 0;

  /**
   * @param capacity number of slots
   * @param retained slots protected for another reason; whoever changes it calls `protect`
   */
  constructor(capacity: number, retained: IndexSet) {
    assert(Number.isSafeInteger(capacity) && capacity > 0, 'the capacity is not a positive integer');
    this.capacity = capacity;
    this.retained = retained;
    this.freeCount = capacity;
    this.protectedSlots = new IndexSet(capacity);
    this.parents = Int32Array.from({ length: capacity }, (_, slot) =>
      slot + 1 < capacity ? slot + 1 : NONE,
    );
    this.children = new Uint32Array(capacity);
    this.holders = new Uint32Array(capacity);
  }

  /** Takes a free slot, of which there must be one, as a private one. */
  take(): number {
    const slot = this.firstFree;
    assert(slot !== NONE, 'no slot is free');
    this.firstFree = this.parents[slot];
    this.freeCount--;
    this.privateCount++;
    return slot;
  }

  /** Frees a private slot. */
  give(slot: number): void {
    this.parents[slot] = this.firstFree;
    this.firstFree = slot;
    this.freeCount++;
    this.privateCount--;
  }

  /** A private slot becomes a block without parent, held by one request. */
  plant(slot: number): void {
    this.privateCount--;
    this.blockCount++;
    this.pinnedCount++;
    this.parents[slot] = NONE;
    this.children[slot] = 0;
    this.holders[slot] = 1;
    this.protectedSlots.add(slot);
  }

  /** Hangs a block that was just planted below its parent, which is pinned too. */
  hang(slot: number, parent: number): void {
    this.parents[slot] = parent;
    this.children[parent]++;
  }

  /** A block that is neither pinned nor inner becomes a private slot. */
  fell(slot: number): void {
    assert(!this.mustStay(slot), 'a block that is pinned or inner cannot leave');
    this.blockCount--;
    this.privateCount++;
    this.protectedSlots.delete(slot);
    const parent = this.parents[slot];
    if (parent === NONE) return;
    this.children[parent]--;
    this.protect(parent);
  }

  pin(slot: number): void {
    if (this.holders[slot]++ > 0) return;
    this.pinnedCount++;
    this.protectedSlots.add(slot);
  }

  unpin(slot: number): void {
    assert(this.holders[slot] > 0, 'a block was released more often than it was held');
    if (--this.holders[slot] > 0) return;
    this.pinnedCount--;
    this.protect(slot);
  }

  /** The slot of the parent, −1 for a block at the root. */
  parentOf(slot: number): number {
    return this.parents[slot];
  }

  /** Enters a block among the protected slots, or takes it out, as it must be now. */
  protect(slot: number): void {
    if (this.mustStay(slot) || this.retained.has(slot)) this.protectedSlots.add(slot);
    else this.protectedSlots.delete(slot);
  }

  /** How many requests hold a block. */
  holdersOf(slot: number): number {
    return this.holders[slot];
  }

  /** Whether a block is pinned or has children. */
  mustStay(slot: number): boolean {
    return this.holders[slot] > 0 || this.children[slot] > 0;
  }

  isRetained(slot: number): boolean {
    return this.retained.has(slot);
  }

  /** Blocks that could leave one after the other. */
  get evictableCount(): number {
    return this.blockCount - this.pinnedCount;
  }

  /**
   * Checks every count against the tree. O(capacity).
   *
   * @param isBlock whether a slot holds a block
   * @throws Error if anything disagrees
   */
  audit(isBlock: (slot: number) => boolean): void {
    const children = new Uint32Array(this.capacity);
    let [blocks, pinned, free] = [0, 0, 0];
    for (let slot = this.firstFree; slot !== NONE; slot = this.parents[slot]) free++;
    for (let slot = 0; slot < this.capacity; slot++) {
      if (!isBlock(slot)) continue;
      blocks++;
      const parent = this.parents[slot];
      if (this.holders[slot] > 0) pinned++;
      if (parent === NONE) continue;
      children[parent]++;
      assert(isBlock(parent), 'the parent of a block is not resident');
      assert(this.holders[slot] <= this.holders[parent], 'a pinned block has a parent with fewer holders');
    }
    assert(blocks === this.blockCount && pinned === this.pinnedCount, 'blocks were miscounted');
    assert(free === this.freeCount, 'free slots were miscounted');
    assert(blocks + free + this.privateCount === this.capacity, 'a slot was lost');
    for (let slot = 0; slot < this.capacity; slot++) {
      if (!isBlock(slot)) continue;
      assert(children[slot] === this.children[slot], 'children were miscounted');
      const stays = this.mustStay(slot) || this.retained.has(slot);
      assert(this.protectedSlots.has(slot) === stays, 'the protected slots were miscounted');
    }
  }
}
