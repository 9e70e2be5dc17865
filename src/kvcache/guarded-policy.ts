import { NO_PAGE, type Policy } from '../paging/policy.ts';
import { IndexSet } from '../support/index-set.ts';
import type { BlockIndex } from './block-index.ts';
import type { BlockTree } from './block-tree.ts';

/**
 * A policy that is not trusted: every victim is checked, and at the first mistake or error the policy is dismissed, once
 * and for all, and the least recently used block leaves instead. What must stay is read from the tree, so that a policy
 * which changes the set it is shown does no harm either.
 */
export class GuardedPolicy {
  /** Why the policy was dismissed. */
  failure: string | undefined;
  private policy: Policy | undefined;
  private readonly eager: boolean;
  private readonly tree: BlockTree;
  private readonly index: BlockIndex;
  private readonly blockIn: Uint32Array;
  private readonly report: (failure: string) => void;

  /**
   * @param blockIn block in each slot, `NO_PAGE` where there is none
   * @param report told when the policy is dismissed
   */
  constructor(
    policy: Policy,
    tree: BlockTree,
    index: BlockIndex,
    blockIn: Uint32Array,
    report: (failure: string) => void,
  ) {
    this.policy = policy;
    this.eager = policy.leaving !== undefined;
    this.tree = tree;
    this.index = index;
    this.blockIn = blockIn;
    this.report = report;
  }

  hit(slot: number, block: number, prediction: number): void {
    try {
      this.policy?.hit(slot, block, prediction);
    } catch (error) {
      this.dismiss(error);
    }
  }

  load(slot: number, block: number, prediction: number): void {
    try {
      this.policy?.load(slot, block, prediction);
    } catch (error) {
      this.dismiss(error);
    }
  }

  /** The bit of a block's latest request has turned from keep to discard. */
  expire(slot: number, block: number): void {
    try {
      this.policy?.expire?.(slot, block);
    } catch (error) {
      this.dismiss(error);
    }
  }

  remove(slot: number, block: number): void {
    try {
      this.policy?.remove(slot, block);
    } catch (error) {
      this.dismiss(error);
    }
  }

  /** A block that may leave; there must be one. */
  victim(block: number, prediction: number): number {
    try {
      const slot = this.policy?.victim(block, prediction, this.tree.protectedSlots) ?? -1;
      if (this.mayLeave(slot)) return slot;
      if (this.policy !== undefined) this.dismiss(`its victim, slot ${slot}, must stay`);
    } catch (error) {
      this.dismiss(error);
    }
    return this.leastRecentlyUsed();
  }

  /** A block that an eager policy gives up now, −1 if there is none. */
  leaving(): number {
    if (!this.eager) return -1;
    try {
      const slot = this.policy?.leaving?.(this.tree.protectedSlots) ?? -1;
      if (slot < 0 || this.mayLeave(slot)) return slot;
      this.dismiss(`slot ${slot}, which it empties, must stay`);
    } catch (error) {
      this.dismiss(error);
    }
    return -1;
  }

  /** @throws Error if the policy has lost track of its own structures */
  audit(): void {
    const occupied = new IndexSet(this.tree.capacity);
    this.blockIn.forEach((block, slot) => {
      if (block !== NO_PAGE) occupied.add(slot);
    });
    this.policy?.audit?.(occupied);
  }

  private mayLeave(slot: number): boolean {
    // Written so that NaN, undefined and fractions fail too.
    const isBlock = slot >= 0 && (this.blockIn[slot] ?? NO_PAGE) !== NO_PAGE;
    return isBlock && !this.tree.mustStay(slot) && !this.tree.isRetained(slot);
  }

  private leastRecentlyUsed(): number {
    const { index, tree } = this;
    let retained = -1;
    for (const block of index.resident()) {
      const slot = index.slotOf[block];
      if (tree.mustStay(slot)) continue;
      if (!tree.isRetained(slot)) return slot;
      if (retained < 0) retained = slot;
    }
    return retained;
  }

  private dismiss(error: unknown): void {
    this.policy = undefined;
    // It may have changed the set that it was shown.
    this.blockIn.forEach((block, slot) => {
      if (block === NO_PAGE) this.tree.protectedSlots.delete(slot);
      else this.tree.protect(slot);
    });
    this.failure = error instanceof Error ? error.message : String(error);
    this.report(this.failure);
  }
}
