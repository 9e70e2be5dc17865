import type { CatalogPolicy } from '../../paging/definition.ts';
import { NO_PAGE } from '../../paging/policy.ts';
import { IndexSet } from '../../support/index-set.ts';
import { SeededRandom } from '../../support/random.ts';
import type { Instance } from '../instance.ts';
import { type Finding, HOLDS, type Law } from './law.ts';
import { ObservedRun } from './observed-run.ts';
import { plainLaw } from './structure.ts';

export const protection: Law = {
  ...plainLaw,
  name: 'protection',
  statement: 'protected pages stay, also while the owner evicts and removes pages between requests',
  exempts: () => undefined,
  check: (policy, instance) => new ProtectedRun(policy, instance).complaint(),
};

/** A run whose owner protects slots and takes pages away, as the seed of the instance has it. */
class ProtectedRun {
  private readonly run: ObservedRun;
  private readonly instance: Instance;
  private readonly random: SeededRandom;
  private readonly protectedSlots: IndexSet;
  /** Whether the owner has ever evicted: then a flush goes on at some later request, and a hit may see it. */
  private isDisturbed = false;

  constructor(policy: CatalogPolicy, instance: Instance) {
    this.run = new ObservedRun(policy, instance);
    this.instance = instance;
    // Apart from the coins of the policy.
    this.random = new SeededRandom(instance.seed + 0x5eed);
    this.protectedSlots = new IndexSet(instance.capacity);
  }

  complaint(): Finding {
    const { sequence, predictions } = this.instance;
    const { run, random } = this;
    for (let step = 0; step < sequence.pages.length; step++) {
      this.protect();
      const choice = random.below(16);
      if (choice === 15) {
        const complaint = this.evict();
        if (complaint !== undefined) return { complaint: `${complaint} (before step ${step})` };
      }
      if (choice === 14) this.remove(random.below(sequence.pageCount));
      this.protect();
      const staying = this.staying();
      const page = sequence.pages[step];
      run.serve(page, predictions[step], this.protectedSlots);
      const complaint =
        this.leftAmong(staying) ??
        (run.isEager && this.isDisturbed ? undefined : run.complaint(page, predictions[step]));
      if (complaint !== undefined) return { complaint: `${complaint} (step ${step})` };
      run.cache.audit();
    }
    return HOLDS;
  }

  /** Protects nothing half of the time, else every slot with probability ½, but never all of them. */
  private protect(): void {
    const { protectedSlots, random } = this;
    const { capacity } = this.instance;
    protectedSlots.clear();
    if (random.below(2) === 0) return;
    for (let slot = 0; slot < capacity; slot++) if (random.below(2) === 0) protectedSlots.add(slot);
    if (protectedSlots.count === capacity) protectedSlots.delete(random.below(capacity));
  }

  private staying(): number[] {
    const { pageIn } = this.run.cache;
    return [...pageIn].filter((page, slot) => page !== NO_PAGE && this.protectedSlots.has(slot));
  }

  private leftAmong(staying: readonly number[]): string | undefined {
    const gone = staying.find((page) => this.run.cache.slotOf[page] < 0);
    return gone === undefined ? undefined : `protected page ${gone} left`;
  }

  /** Evicts a random number of pages, at times more than there are. */
  private evict(): string | undefined {
    const { cache } = this.run;
    const staying = this.staying();
    const before = cache.size;
    const evictable = before - staying.length;
    const wanted = this.random.below(cache.capacity + 2);
    const evicted = cache.evict(wanted, this.protectedSlots);
    if (evicted === null) {
      if (evictable >= wanted || cache.size !== before)
        return `evict(${wanted}) refused to find ${evictable} pages`;
      return undefined;
    }
    this.isDisturbed = true;
    if (evicted.length !== wanted || before - cache.size !== wanted)
      return `evict(${wanted}) evicted ${evicted.length}`;
    const present = evicted.find((page) => cache.slotOf[page] >= 0);
    return present === undefined ? this.leftAmong(staying) : `evicted page ${present} did not leave`;
  }

  private remove(page: number): void {
    if (this.run.cache.slotOf[page] >= 0) this.run.cache.remove(page);
  }
}
