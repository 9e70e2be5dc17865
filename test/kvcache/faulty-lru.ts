import { Lru } from '../../src/policies/classical/lru.ts';
import type { IndexSet } from '../../src/support/index-set.ts';

/** What a policy may do wrong: throw in a call, name a wrong victim, or spoil the set that it is shown. */
export const MISTAKES = [
  'hit',
  'load',
  'remove',
  'victim',
  'NaN',
  '−1',
  'too large',
  'protected',
  'spoil',
] as const;

/** LRU that makes one kind of mistake from its `after`-th call on. */
export class FaultyLru extends Lru {
  private readonly capacity: number;
  private readonly mistake: (typeof MISTAKES)[number];
  private readonly after: number;
  private calls = 0;

  constructor(capacity: number, mistake: (typeof MISTAKES)[number], after: number) {
    super(capacity);
    this.capacity = capacity;
    this.mistake = mistake;
    this.after = after;
  }

  override hit(slot: number): void {
    this.throwIn('hit');
    super.hit(slot);
  }

  override load(slot: number): void {
    this.throwIn('load');
    super.load(slot);
  }

  override remove(slot: number): void {
    this.throwIn('remove');
    super.remove(slot);
  }

  override victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    this.throwIn('victim');
    const right = super.victim(page, prediction, protectedSlots);
    if (this.calls <= this.after) return right;
    if (this.mistake === 'NaN') return Number.NaN;
    if (this.mistake === '−1') return -1;
    if (this.mistake === 'too large') return this.capacity;
    if (this.mistake === 'protected') return protectedSlots.count > 0 ? protectedSlots.members[0] : right;
    if (this.mistake !== 'spoil') return right;
    for (let slot = 0; slot < this.capacity; slot++) {
      if (slot % 2 === 0) protectedSlots.add(slot);
      else protectedSlots.delete(slot);
    }
    throw new Error('spoilt');
  }

  /** A throwing policy has done nothing yet; a slot number is all it gets wrong. */
  private throwIn(call: string): void {
    if (++this.calls > this.after && this.mistake === call) throw new Error(`a mistake in ${call}`);
  }
}
