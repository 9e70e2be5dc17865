/**
 * A policy of one's own: a marking policy that gives up the most recently requested of its unmarked pages, the opposite of LRU
 * within a phase. Plain arrays keep it short; O(k) a request.
 */
import type { Policy, PolicyDefinition } from 'onebit';
import { competitive, type IndexSet } from 'onebit';

class NewestUnmarked implements Policy {
  /** Occupied slots, least recently requested first, and whether each is marked. */
  private order: number[] = [];
  private readonly marked = new Set<number>();

  hit(slot: number): void {
    this.order = this.order.filter((other) => other !== slot);
    this.load(slot);
  }

  load(slot: number): void {
    this.order.push(slot);
    this.marked.add(slot);
  }

  victim(_page: number, _prediction: number, protectedSlots: IndexSet): number {
    // All are marked: a new phase begins.
    if (this.order.every((slot) => this.marked.has(slot))) this.marked.clear();
    const free = this.order.filter((slot) => !protectedSlots.has(slot));
    return free.findLast((slot) => !this.marked.has(slot)) ?? free[0];
  }

  remove(slot: number): void {
    this.order = this.order.filter((other) => other !== slot);
    this.marked.delete(slot);
  }
}

export const policy: PolicyDefinition = {
  summary: 'of the unmarked pages the one requested most recently leaves',
  reference: 'an example',
  marking: () => true,
  // As every marking policy.
  guarantee: competitive(
    (k) => k,
    'Borodin and El-Yaniv, Online Computation and Competitive Analysis, chapter 3',
  ),
  create: () => new NewestUnmarked(),
};
