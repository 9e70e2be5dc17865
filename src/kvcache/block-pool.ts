import { NO_PAGE, type Policy, type PredictionKind, type Predictions } from '../paging/policy.ts';
import { assert, Failure } from '../support/failure.ts';
import type { BlockEvent } from './block-event.ts';
import type { BlockHash } from './block-hash.ts';
import { BlockIndex } from './block-index.ts';
import { BlockTree } from './block-tree.ts';
import { GuardedPolicy } from './guarded-policy.ts';
import { Retention } from './retention.ts';

export interface ManagerSettings {
  /** Blocks the cache holds. */
  readonly capacity: number;
  /** Makes one fresh run of a policy for that many slots and block numbers. */
  readonly policy: (capacity: number, pageCount: number) => Policy;
  /** What the policy needs with each request; nothing if absent. */
  readonly needs?: PredictionKind;
  /**
   * Departed blocks that keep their numbers, which policies with a memory of departed pages need; `capacity` if absent.
   * 0 does for lru, fifo, clock, marker and their lifts.
   */
  readonly remembered?: number;
  /** Length of a hash; 8 if absent. */
  readonly hashBytes?: number;
  /** Most blocks that retention hints may hold back; 0 if absent. */
  readonly retentionBudget?: number;
  /** Tokens in a block, for events; 16 if absent. */
  readonly blockTokens?: number;
  readonly onEvent?: (event: BlockEvent) => void;
}

/** Hashes of consecutive blocks, head first. */
export type Path = ArrayLike<BlockHash>;

const MEDIUM = 'GPU';
const ROOT = -1;
/** Places of a filter that tells almost all requests without a repeated block at once. */
const SEEN = 2 ** 14;

/**
 * The blocks in their slots: finds them by hash, enters them below their parents, and lets them leave by the policy's
 * choice. What requests may do with them is the business of `BlockManager`.
 */
export class BlockPool {
  readonly tree: BlockTree;
  readonly retention: Retention;
  readonly policy: GuardedPolicy;
  evictions = 0;
  private readonly index: BlockIndex;
  private readonly blockIn: Uint32Array;
  /** What the policy was last told of each slot. */
  private readonly predictionOf: Uint8Array | Float64Array;
  private readonly seen = new Uint32Array(SEEN);
  private round = 0;
  private readonly blockTokens: number;
  private readonly onEvent: ((event: BlockEvent) => void) | undefined;

  constructor(settings: ManagerSettings) {
    const { capacity, remembered = capacity, retentionBudget = 0 } = settings;
    this.blockTokens = settings.blockTokens ?? 16;
    this.onEvent = settings.onEvent;
    this.retention = new Retention(capacity, retentionBudget);
    this.tree = new BlockTree(capacity, this.retention.slots);
    this.index = new BlockIndex(capacity, remembered, settings.hashBytes ?? 8);
    this.blockIn = new Uint32Array(capacity).fill(NO_PAGE);
    const arrivals = settings.needs === 'next arrival';
    this.predictionOf = arrivals ? new Float64Array(capacity) : new Uint8Array(capacity);
    const policy = settings.policy(capacity, this.index.size);
    this.policy = new GuardedPolicy(policy, this.tree, this.index, this.blockIn, (reason) =>
      this.onEvent?.({ type: 'PolicyDismissed', reason }),
    );
  }

  isBlock(slot: number): boolean {
    return this.blockIn[slot] !== NO_PAGE;
  }

  slotOf(hash: BlockHash): number {
    return this.index.slot(hash);
  }

  /** The hash of a numbered block, even of one that has just departed. */
  hashOf(block: number): BlockHash {
    return this.index.hashOf(block);
  }

  /**
   * The slots of the resident head of a path.
   *
   * @param parent slot of the block above the path
   * @throws Failure if a block stands below another one than the path tells
   */
  resident(path: Path, parent = ROOT): number[] {
    const slots: number[] = [];
    for (let i = 0; i < path.length; i++) {
      const slot = this.index.slot(path[i]);
      if (slot < 0) break;
      if (this.tree.parentOf(slot) !== parent) throw notChained(path[i]);
      slots.push(slot);
      parent = slot;
    }
    return slots;
  }

  /** @throws Failure if a block of the path from `from` on is resident, or comes twice */
  checkNew(path: Path, from: number): void {
    let suspected = false;
    this.round = (this.round + 1) >>> 0;
    for (let i = from; i < path.length; i++) {
      if (this.index.slot(path[i]) >= 0) throw notChained(path[i]);
      const place = this.index.fingerprint(path[i]) % SEEN;
      suspected ||= this.seen[place] === this.round;
      this.seen[place] = this.round;
    }
    if (!suspected) return;
    const texts = Array.from({ length: path.length - from }, (_, i) => hashText(path[from + i]));
    const known = new Set<string>();
    const twice = texts.find((text) => known.size === known.add(text).size);
    if (twice !== undefined)
      throw new Failure(`block ${twice} comes twice in one request; hash whole prefixes`);
  }

  /**
   * Enters the blocks of a path that are not resident, tail first, each pinned once, and appends their slots. There must
   * be room.
   *
   * @param slots of the resident head of the path, pinned
   * @param parent slot of the block above the path
   */
  enter(path: Path, slots: number[], predictions: Predictions | undefined, parent = ROOT): void {
    const from = slots.length;
    if (from === path.length) return;
    for (let i = path.length - 1; i >= from; i--) slots[i] = this.load(path[i], predictions?.[i] ?? 0);
    for (let i = from; i < path.length; i++) {
      const above = i > 0 ? slots[i - 1] : parent;
      if (above !== ROOT) this.tree.hang(slots[i], above);
    }
    if (this.onEvent === undefined) return;
    const above = from > 0 ? slots[from - 1] : parent;
    this.onEvent({
      type: 'BlockStored',
      block_hashes: slots.slice(from).map((slot) => this.hashOf(this.blockIn[slot])),
      parent_block_hash: above === ROOT ? null : this.hashOf(this.blockIn[above]),
      token_ids: [],
      block_size: this.blockTokens,
      medium: MEDIUM,
    });
  }

  /** Tells the policy of a request for the resident blocks in `slots`, tail first. */
  touch(slots: readonly number[], predictions: Predictions | undefined): void {
    for (let i = slots.length - 1; i >= 0; i--) {
      const slot = slots[i];
      this.index.touch(this.blockIn[slot]);
      this.tell(slot, predictions?.[i] ?? 0);
    }
    if (this.onEvent === undefined || slots.length === 0) return;
    const hashes = slots.map((slot) => this.hashOf(this.blockIn[slot]));
    this.onEvent({ type: 'BlockHit', block_hashes: hashes, medium: MEDIUM });
  }

  /** As `touch`, but only of the blocks whose prediction changes; it is no request. */
  amend(slots: readonly number[], predictions: Predictions): void {
    for (let i = slots.length - 1; i >= 0; i--) {
      if (predictions[i] !== this.predictionOf[slots[i]]) this.tell(slots[i], predictions[i]);
    }
  }

  /** The bit of a resident block turns to discard. */
  discard(slot: number): void {
    this.predictionOf[slot] = 1;
    this.policy.expire(slot, this.blockIn[slot]);
  }

  /** A free slot, emptied if need be, as a private one. */
  take(): number {
    if (this.tree.freeCount === 0) this.evictOne();
    return this.tree.take();
  }

  /** Evicts a block of the policy's choice; there must be one that may leave. @returns its number */
  evictOne(block = NO_PAGE, prediction = 0): number {
    const { tree, retention } = this;
    while (tree.protectedSlots.count >= tree.blockCount && retention.slots.count > 0)
      this.letGo(retention.lowest());
    const slot = this.policy.victim(block, prediction);
    const victim = this.blockIn[slot];
    this.remove(slot);
    return victim;
  }

  /** Lets the policy give up blocks early, if it is of that kind. */
  letLeave(): void {
    for (let slot = this.policy.leaving(); slot >= 0; slot = this.policy.leaving()) this.remove(slot);
  }

  /** A block that is neither pinned nor inner leaves. */
  remove(slot: number): void {
    const block = this.blockIn[slot];
    this.evictions++;
    this.policy.remove(slot, block);
    this.blockIn[slot] = NO_PAGE;
    this.index.depart(block);
    this.retention.drop(slot);
    this.tree.fell(slot);
    this.tree.give(slot);
    if (this.onEvent === undefined) return;
    this.onEvent({ type: 'BlockRemoved', block_hashes: [this.index.hashOf(block)], medium: MEDIUM });
  }

  /** A block is retained no longer. */
  letGo(slot: number): void {
    this.retention.drop(slot);
    this.tree.protect(slot);
  }

  /** Checks all structures, the policy's own among them. O(capacity). @throws Error if anything disagrees */
  audit(): void {
    this.tree.audit((slot) => this.isBlock(slot));
    this.blockIn.forEach((block, slot) => {
      assert(block === NO_PAGE || this.index.slotOf[block] === slot, 'a block and its slot disagree');
    });
    assert([...this.index.resident()].length === this.tree.blockCount, 'the index has lost track of a block');
    this.policy.audit();
  }

  private load(hash: BlockHash, prediction: number): number {
    const block = this.index.number(hash);
    if (this.tree.freeCount === 0) this.evictOne(block, prediction);
    const slot = this.tree.take();
    this.tree.plant(slot);
    this.blockIn[slot] = block;
    this.index.place(block, slot);
    this.predictionOf[slot] = prediction;
    this.policy.load(slot, block, prediction);
    return slot;
  }

  /** A block that others hold too takes the prediction of whoever keeps it longest. */
  private tell(slot: number, prediction: number): void {
    const shared = this.tree.holdersOf(slot) > 1;
    const told = shared ? Math.min(this.predictionOf[slot], prediction) : prediction;
    this.predictionOf[slot] = told;
    this.policy.hit(slot, this.blockIn[slot], told);
  }
}

function notChained(hash: BlockHash): Failure {
  return new Failure(
    `block ${hashText(hash)} stands below another block than before; hash each block together with all before it`,
  );
}

function hashText(hash: BlockHash): string {
  return hash instanceof Uint8Array ? Buffer.from(hash).toString('hex') : `${hash}`;
}
