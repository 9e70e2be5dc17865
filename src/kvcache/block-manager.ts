import type { Predictions } from '../paging/policy.ts';
import { assert, Failure } from '../support/failure.ts';
import { GraphSaver } from '../support/graph-state.ts';
import type { BlockHash } from './block-hash.ts';
import { BlockPool, type ManagerSettings, type Path } from './block-pool.ts';
import type { RetentionHint } from './retention.ts';

export type { ManagerSettings };

/** What a request holds from `allocate` to `release`. */
export interface Lease {
  /** Slots of its path, head first. */
  readonly slots: number[];
  /** How many of them were resident before. */
  readonly matched: number;
  /** Slots of blocks that are partial or not yet computed; they are no entries of the cache. */
  readonly privateSlots: number[];
  released: boolean;
}

/**
 * A prefix cache of KV blocks that an engine can embed, run by any policy of the catalog. A request asks for a path of
 * blocks, head first, named by chained hashes; what is resident of its head is a hit, and until it is released the path
 * is *pinned*. Residency is always closed: a block is resident only if all blocks before it are. So a tail leaves before
 * its head, and a policy is never asked for a pinned or an inner block.
 *
 * Each request is told to the policy once per block, when it is admitted, tail first: so the least recent block of a
 * path is its tail, and a policy finds a victim without passing over inner blocks. Every prediction defaults to keep, 0,
 * and a block that several requests hold takes the one that keeps it longest. A policy that throws or names a wrong
 * victim is dismissed (see `GuardedPolicy`), and the manager goes on with LRU.
 *
 * O(blocks of the request) expected, beside the policy's own work. Memory: 25 bytes a slot, and with 64-bit hashes 28
 * bytes a block number, of which there are capacity + remembered.
 *
 * @example
 * const manager = new BlockManager({ capacity: 1000, policy: (capacity) => new Lru(capacity) });
 * const lease = manager.allocate([11n, 12n, 13n]);
 * if (lease) manager.release(lease);
 * manager.match([11n, 12n, 99n]); // 2
 */
export class BlockManager {
  readonly capacity: number;
  /** What a snapshot saves. */
  readonly state: GraphSaver;
  private readonly pool: BlockPool;
  private readonly needsNothing: boolean;
  private readonly onEvent: ManagerSettings['onEvent'];

  /** @throws Failure for a hash length that cannot be */
  constructor(settings: ManagerSettings) {
    this.capacity = settings.capacity;
    this.needsNothing = (settings.needs ?? 'nothing') === 'nothing';
    this.onEvent = settings.onEvent;
    this.pool = new BlockPool(settings);
    // Here, while the policy is fresh: a snapshot knows the objects that are there now.
    this.state = new GraphSaver(this.pool);
  }

  /** Resident blocks. */
  get size(): number {
    return this.pool.tree.blockCount;
  }

  /** Slots that could not be had now: pinned blocks and private slots. */
  get inUse(): number {
    return this.pool.tree.pinnedCount + this.pool.tree.privateCount;
  }

  /** Blocks that have left so far. */
  get evictions(): number {
    return this.pool.evictions;
  }

  /** Why the policy was dismissed, if it was. */
  get failure(): string | undefined {
    return this.pool.policy.failure;
  }

  /** How many blocks of a path are resident, counted from its head; changes nothing. */
  match(path: Path): number {
    let matched = 0;
    while (matched < path.length && this.pool.slotOf(path[matched]) >= 0) matched++;
    return matched;
  }

  /**
   * Admits a request: pins the resident head of its path, makes room for the rest and enters it.
   *
   * @param path hashes of its full blocks, head first
   * @param predictions what is predicted for each block; all keep if absent
   * @param privateBlocks further slots, for a last block that is partial and for the answer
   * @returns what it holds, or `null`, with nothing changed, if there is no room now
   * @throws Failure, with nothing changed, if it can never fit, has no block, has a block twice, or has one below another
   *   block than before
   */
  allocate(path: Path, predictions?: Predictions, privateBlocks = 0): Lease | null {
    const slots = this.fit(path, privateBlocks);
    if (slots === null) return null;
    const matched = slots.length;
    for (const slot of slots) this.pool.tree.pin(slot);
    this.pool.enter(path, slots, predictions);
    this.pool.touch(slots.slice(0, matched), predictions);
    const privateSlots = Array.from({ length: privateBlocks }, () => this.pool.take());
    this.pool.letLeave();
    return { slots, matched, privateSlots, released: false };
  }

  /** Whether `allocate` would find room now. @throws Failure as `allocate` does */
  hasRoom(path: Path, privateBlocks = 0): boolean {
    return this.fit(path, privateBlocks) !== null;
  }

  /** Gives a running request one more private slot, or changes nothing and answers `false`. */
  grow(lease: Lease): boolean {
    assert(!lease.released, 'a request that was released cannot grow');
    if (this.pool.tree.freeCount + this.pool.tree.evictableCount === 0) return false;
    lease.privateSlots.push(this.pool.take());
    return true;
  }

  /**
   * Private blocks of a running request are full now and become entries of the cache below its path. Where another
   * request has entered the same block meanwhile, that one is shared.
   *
   * @param hashes no more than there are private slots
   * @throws Failure as `allocate` does
   */
  complete(lease: Lease, hashes: Path, predictions?: Predictions): void {
    const { tree } = this.pool;
    assert(!lease.released && hashes.length <= lease.privateSlots.length, 'a private slot is missing');
    const parent = lease.slots.at(-1);
    const slots = this.pool.resident(hashes, parent);
    const matched = slots.length;
    this.pool.checkNew(hashes, matched);
    for (const slot of lease.privateSlots.splice(-hashes.length, hashes.length)) tree.give(slot);
    for (const slot of slots) tree.pin(slot);
    this.pool.enter(hashes, slots, predictions, parent);
    this.pool.touch(slots.slice(0, matched), predictions);
    for (const slot of slots) lease.slots.push(slot);
    this.pool.letLeave();
  }

  /**
   * Predictions that come late, while the request runs or after: what is still resident of the path is told to the policy
   * again where the prediction has changed, as if it were requested now. Of no effect on a policy that needs none.
   */
  amend(path: Path, predictions: Predictions): void {
    if (this.needsNothing) return;
    this.pool.amend(this.pool.resident(path), predictions);
    this.pool.letLeave();
  }

  /** The bit of one block turns from keep to discard, wherever it stands; of no effect where it is not resident. */
  discard(hash: BlockHash): void {
    const slot = this.pool.slotOf(hash);
    if (this.needsNothing || slot < 0) return;
    this.pool.discard(slot);
    this.pool.letLeave();
  }

  /** Ends a request: its private slots become free, and its path may leave when nobody else holds it. */
  release(lease: Lease): void {
    assert(!lease.released, 'a request was released twice');
    lease.released = true;
    for (let i = lease.slots.length - 1; i >= 0; i--) this.pool.tree.unpin(lease.slots[i]);
    for (const slot of lease.privateSlots) this.pool.tree.give(slot);
  }

  /**
   * Evicts exactly `count` blocks and returns their hashes in order, or changes nothing and returns `null`.
   *
   * @param spared blocks that must stay, and with them those before them
   */
  evict(count: number, spared: Path = []): BlockHash[] | null {
    const { tree } = this.pool;
    const pinned: number[] = [];
    for (let i = 0; i < spared.length; i++) {
      for (let slot = this.pool.slotOf(spared[i]); slot >= 0; slot = tree.parentOf(slot)) pinned.push(slot);
    }
    for (const slot of pinned) tree.pin(slot);
    const possible = count <= tree.evictableCount;
    const evicted = Array.from({ length: possible ? count : 0 }, () =>
      this.pool.hashOf(this.pool.evictOne()),
    );
    for (const slot of pinned) tree.unpin(slot);
    return possible ? evicted : null;
  }

  /** Takes one block away, whatever the policy thinks of it. @returns whether it was there and could leave */
  remove(hash: BlockHash): boolean {
    const slot = this.pool.slotOf(hash);
    if (slot < 0 || this.pool.tree.mustStay(slot)) return false;
    this.pool.remove(slot);
    return true;
  }

  /** Asks that what is resident of a path stays for a while. @returns how many of its blocks are retained, head first */
  retain(path: Path, hint: RetentionHint): number {
    const { tree, retention } = this.pool;
    let retained = 0;
    for (const slot of this.pool.resident(path)) {
      const displaced = retention.retain(slot, hint);
      if (displaced === slot) break;
      if (displaced >= 0) tree.protect(displaced);
      tree.protect(slot);
      retained++;
    }
    return retained;
  }

  /** Lets go of the blocks whose time of retention is over. @param now on the clock of the hints */
  expire(now: number): void {
    const { retention } = this.pool;
    for (let slot = retention.expired(now); slot >= 0; slot = retention.expired(now)) this.pool.letGo(slot);
  }

  /** Empties the cache, or changes nothing and answers `false` while a request holds anything. */
  clear(): boolean {
    const { pool } = this;
    if (this.inUse > 0) return false;
    for (let start = 0; start < this.capacity; start++) {
      // A block leaves after its children: with the last child gone, its turn has come.
      let slot = start;
      while (slot >= 0 && pool.isBlock(slot) && !pool.tree.mustStay(slot)) {
        const parent = pool.tree.parentOf(slot);
        pool.remove(slot);
        slot = parent;
      }
    }
    this.onEvent?.({ type: 'AllBlocksCleared' });
    return true;
  }

  /** Checks all structures, the policy's own among them. O(capacity). @throws Error if anything disagrees */
  audit(): void {
    this.pool.audit();
  }

  /** The slots of the resident head of a path if there is room for the rest, else `null`. */
  private fit(path: Path, privateBlocks: number): number[] | null {
    const { tree } = this.pool;
    const wanted = path.length + privateBlocks;
    if (wanted === 0) throw new Failure('a request without blocks; leave it out');
    if (wanted > this.capacity)
      throw new Failure(`a request of ${wanted} blocks cannot fit in a cache of ${this.capacity}; reject it`);
    const slots = this.pool.resident(path);
    this.pool.checkNew(path, slots.length);
    let room = tree.freeCount + tree.evictableCount;
    for (const slot of slots) if (tree.holdersOf(slot) === 0) room--;
    return wanted - slots.length > room ? null : slots;
  }
}
