/** A zoo: for each law a policy that breaks it and looks sound otherwise. */
import { Belady, nextRequests } from '../../src/paging/belady.ts';
import type { PolicyDefinition } from '../../src/paging/definition.ts';
import { competitive, harmonic, oneBit } from '../../src/paging/guarantee.ts';
import { Discard, discard } from '../../src/policies/augmented/discard.ts';
import { predictiveMarker } from '../../src/policies/augmented/predictive-marker.ts';
import { fifo } from '../../src/policies/classical/fifo.ts';
import { lfu } from '../../src/policies/classical/lfu.ts';
import { Lru, lru } from '../../src/policies/classical/lru.ts';
import { marker } from '../../src/policies/classical/marker.ts';
import { randomReplacement } from '../../src/policies/classical/random.ts';
import { IndexSet } from '../../src/support/index-set.ts';

const NOTHING = new IndexSet(0);

/** Names a slot that does not exist, once in a while. */
class Absent extends Lru {
  private victims = 0;

  override victim(page: number, bit: number, protectedSlots: IndexSet): number {
    return ++this.victims % 3 === 0 ? -1 : super.victim(page, bit, protectedSlots);
  }
}

/** Gives up its least recently used page at every hit. */
class Generous extends Lru {
  private leaver = -1;

  override hit(slot: number): void {
    super.hit(slot);
    this.leaver = super.victim(0, 0, NOTHING);
  }

  override remove(slot: number): void {
    super.remove(slot);
    this.leaver = -1;
  }

  leaving(): number {
    return this.leaver;
  }
}

/** Does not listen to what is protected. */
class Deaf extends Lru {
  override victim(page: number, bit: number): number {
    return super.victim(page, bit, NOTHING);
  }
}

/** Tosses coins of its own. */
class Gambler extends Lru {
  private readonly capacity: number;

  constructor(capacity: number) {
    super(capacity);
    this.capacity = capacity;
  }

  override victim(): number {
    return Math.floor(Math.random() * this.capacity);
  }
}

const liftedLru: PolicyDefinition = {
  ...discard,
  wraps: 0,
  needs: () => 'discard bit',
  marking: () => true,
  stack: () => true,
  guarantee: () => oneBit(1, (k) => k - 1, 'derived', 'this project'),
  create: ({ capacity }) => new Discard(capacity, new Lru(capacity)),
};

/** By the law that it breaks. */
export const BROKEN_POLICIES: Readonly<Record<string, PolicyDefinition>> = {
  victims: { ...lru, create: ({ capacity }) => new Absent(capacity) },
  hits: { ...lru, eager: true, create: ({ capacity }) => new Generous(capacity) },
  protection: { ...lru, create: ({ capacity }) => new Deaf(capacity) },
  marking: { ...fifo, marking: () => true },
  inclusion: { ...fifo, stack: () => true },
  causality: {
    ...lru,
    create: ({ capacity, sequence }) => new Belady(capacity, sequence, nextRequests(sequence)),
  },
  reproducibility: { ...randomReplacement, create: ({ capacity }) => new Gambler(capacity) },
  coins: { ...randomReplacement, randomised: false },
  guarantee: { ...lfu, guarantee: competitive((k) => k, 'wishful thinking') },
  consistency: { ...predictiveMarker, consistency: () => () => 1 },
  damage: {
    ...liftedLru,
    guarantee: () => ({ ...oneBit(1, (k) => k - 1, 'derived', ''), gamma: () => 0.5 }),
  },
  robustness: { ...liftedLru, robustness: () => (k) => k },
  'lower bounds': { ...lru, guarantee: competitive((k) => (k === 8 ? 7 : k), 'an oversight') },
};

/** Marker with the optimum of all randomised policies as its claim: only expectations refute it, no single run does. */
export const OVERSTATED_MARKER: PolicyDefinition = {
  ...marker,
  guarantee: competitive(harmonic, 'wishful thinking'),
};
