import { RecentNumbering } from '../../support/recent-numbering.ts';
import type { KvEvent } from './kv-events.ts';

type Stored = Extract<KvEvent, { kind: 'stored' }>;

const NONE = -1;
/** Words of vLLM and SGLang for the places of blocks; those that are not known share a bit. */
const MEDIA = ['GPU', 'CPU', 'CPU_PINNED', 'DISK', 'STORAGE', 'EXTERNAL'];

/** An engine that names no medium has one. */
function placeOf(medium = 'GPU'): number {
  return 1 << (MEDIA.indexOf(medium.toUpperCase()) + 1);
}

/** Whether a medium is the first that blocks are stored in. */
export function isFirstMedium(medium: string | undefined): boolean {
  return placeOf(medium) === placeOf();
}

/**
 * The blocks that an engine told of: which block each one follows, how many tokens end with it, and whether it is still in a
 * cache. At bounded memory: the block that was heard of longest ago is forgotten first. O(1) expected a block.
 */
export class BlockTree {
  /** Stored blocks whose parent was not known. */
  orphans = 0;
  private readonly numbering: RecentNumbering;
  private readonly keys: Float64Array;
  private readonly parents: Float64Array;
  private readonly tokens: Float64Array;
  /** Where the block lies: a bit for each of `MEDIA`. */
  private readonly places: Uint8Array;
  private readonly removedAt: Float64Array;

  /**
   * @param size how many blocks are remembered
   * @param forget told of each number that is about to stand for another block
   */
  constructor(size: number, forget: (block: number) => void) {
    this.keys = new Float64Array(size);
    this.parents = new Float64Array(size).fill(NONE);
    this.tokens = new Float64Array(size);
    this.places = new Uint8Array(size);
    this.removedAt = new Float64Array(size).fill(NONE);
    this.numbering = new RecentNumbering(size, (block) => {
      forget(block);
      this.places[block] = 0;
      this.removedAt[block] = NONE;
    });
  }

  /** The number of a block, −1 if it is not known. */
  find(key: number): number {
    return this.numbering.find(key);
  }

  keyOf(block: number): number {
    return this.keys[block];
  }

  /** Prompt tokens up to the end of the block; of an orphan at least so many. */
  tokensOf(block: number): number {
    return this.tokens[block];
  }

  /** When the block last left the last of its places, in seconds; −1 if it never did. */
  leftAt(block: number): number {
    return this.removedAt[block];
  }

  /** @returns the number of the last block, and how many tokens stand before the first */
  store({ blocks, parent, blockSize, medium }: Stored): { last: number; before: number } {
    let previous = parent === undefined ? NONE : this.find(parent);
    if (parent !== undefined && previous === NONE) this.orphans += blocks.length;
    const before = previous === NONE ? 0 : this.tokens[previous];
    let key = parent ?? NONE;
    for (const [i, own] of blocks.entries()) {
      const known = this.find(own);
      previous = known >= 0 ? known : this.numbering.add(own);
      this.numbering.touch(previous);
      this.keys[previous] = own;
      this.parents[previous] = key;
      this.tokens[previous] = before + (i + 1) * blockSize;
      this.places[previous] |= placeOf(medium);
      key = own;
    }
    return { last: previous, before };
  }

  /** Known blocks are now in another place, too. */
  copy({ blocks, medium }: Stored): void {
    for (const key of blocks) {
      const block = this.find(key);
      if (block >= 0) this.places[block] |= placeOf(medium);
    }
  }

  /** @param seconds when it happened */
  remove(key: number, medium: string | undefined, seconds: number): void {
    const block = this.find(key);
    if (block < 0 || this.places[block] === 0) return;
    this.places[block] &= ~placeOf(medium);
    if (this.places[block] === 0) this.removedAt[block] = seconds;
  }

  /** All caches are empty. */
  clear(seconds: number): void {
    for (let block = 0; block < this.numbering.count; block++) {
      if (this.places[block] === 0) continue;
      this.places[block] = 0;
      this.removedAt[block] = seconds;
    }
  }

  /**
   * The blocks from the beginning of the prompt to a block, without those that end after so many tokens.
   *
   * @returns numbers, head first
   */
  pathTo(block: number, mostTokens: number): number[] {
    const path: number[] = [];
    let end = Number.POSITIVE_INFINITY;
    // Where two blocks have the same key, a path might lead in a circle; tokens always become fewer.
    for (let at = block; at >= 0 && this.tokens[at] < end; ) {
      end = this.tokens[at];
      if (end <= mostTokens) path.push(at);
      this.numbering.touch(at);
      const parent = this.parents[at];
      at = parent === NONE ? NONE : this.find(parent);
    }
    return path.reverse();
  }
}
