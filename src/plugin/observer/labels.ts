import type { BlockTree } from './block-tree.ts';

/** What became of an access: a line of the label file. */
export interface Label {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly hash_id: number;
  /** Seconds until the block was requested again; `null` if it was not before it was forgotten, or before the end. */
  readonly next: number | null;
  /** Whether the engine had removed it by then. With `next`, that removal cost a block's computation. */
  readonly removed: boolean;
}

/** Labels accesses while they come: each access of a block settles the label of the one before. O(1) an access. */
export class Labels {
  /** Accesses to blocks seen before, and those of them that came after the block was removed. */
  again = 0;
  regretted = 0;
  private readonly tree: BlockTree;
  private readonly latest: Float64Array;
  private readonly write: (label: Label) => void;

  /** @param size how many blocks the tree remembers */
  constructor(tree: BlockTree, size: number, write: (label: Label) => void) {
    this.tree = tree;
    this.latest = new Float64Array(size).fill(-1);
    this.write = write;
  }

  /** @param seconds since 1970, never decreasing */
  access(block: number, seconds: number): void {
    if (this.latest[block] >= 0) this.settle(block, seconds);
    this.latest[block] = seconds;
  }

  /** The block is about to be forgotten. */
  forget(block: number): void {
    if (this.latest[block] >= 0) this.settle(block, undefined);
    this.latest[block] = -1;
  }

  /** Settles all that is open. */
  end(): void {
    for (let block = 0; block < this.latest.length; block++) this.forget(block);
  }

  private settle(block: number, next: number | undefined): void {
    const accessed = this.latest[block];
    const left = this.tree.leftAt(block);
    const removed = left > accessed && (next === undefined || left <= next);
    if (next !== undefined) this.again++;
    if (next !== undefined && removed) this.regretted++;
    this.write({
      timestamp: Math.round(accessed * 1e6) / 1e3,
      hash_id: this.tree.keyOf(block),
      next: next === undefined ? null : Math.round((next - accessed) * 1e6) / 1e6,
      removed,
    });
  }
}
