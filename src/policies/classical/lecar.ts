/**
 * LeCaR, learning cache replacement: a coin weighted by what was learned says whether LRU or LFU names the victim. A
 * memory of the last k evictions keeps who named each page: a request to a remembered page after t requests takes weight
 * from whoever named it, by the factor exp(−rate·d^t) with d = discount^(1/k), and the weights are scaled to the sum 1
 * (Vietri et al., *Driving cache replacement with ML-based LeCaR*, HotStorage 2018; rate 0.45 and discount 0.005 are
 * theirs). O(1) a request. Ties among equal frequencies are those of `lfu`.
 *
 * Departures, as in libCacheSim: one memory of k pages instead of two of k/2; a page starts at frequency 1 at every
 * load; an eviction is remembered also where both name the same page; no weight falls below 10⁻¹⁰. A page that the owner
 * takes away is not remembered.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { NO_PAGE, type Policy } from '../../paging/policy.ts';
import { Failure } from '../../support/failure.ts';
import { IndexQueue } from '../../support/index-queue.ts';
import type { IndexSet } from '../../support/index-set.ts';
import type { Random } from '../../support/random.ts';
import { Lfu } from './lfu.ts';
import { Lru } from './lru.ts';

const LEAST_WEIGHT = 1e-10;
const COIN_SIDES = 2 ** 32;

export class LeCaR implements Policy {
  private readonly lru: Lru;
  private readonly lfu: Lfu;
  private readonly random: Random;
  private readonly capacity: number;
  private readonly rate: number;
  /** ln d. */
  private readonly decay: number;
  /** Weight of LRU; the rest to 1 is that of LFU. */
  private weight = 0.5;
  private readonly memory: IndexQueue;
  private readonly namedByLru: Uint8Array;
  private readonly leftAt: Uint32Array;
  private now = 0;
  /** The slot named last, until it is emptied, and who named it. */
  private named = -1;
  private lruNamed = 0;

  /**
   * @param capacity k
   * @param pageCount size of the universe
   * @param rate of learning, ≥ 0
   * @param discount of a regret after k requests, above 0, at most 1
   * @throws Failure for another discount
   */
  constructor(capacity: number, pageCount: number, rate: number, discount: number, random: Random) {
    if (!(discount > 0 && discount <= 1)) {
      throw new Failure(`discount=${discount} is not possible; give a number above 0, at most 1`);
    }
    this.lru = new Lru(capacity);
    this.lfu = new Lfu(capacity);
    this.random = random;
    this.capacity = capacity;
    this.rate = rate;
    this.decay = Math.log(discount) / capacity;
    this.memory = new IndexQueue(pageCount);
    this.namedByLru = new Uint8Array(pageCount);
    this.leftAt = new Uint32Array(pageCount);
  }

  hit(slot: number): void {
    this.now++;
    this.lru.hit(slot);
    this.lfu.hit(slot);
  }

  load(slot: number, page: number): void {
    this.learn(page);
    this.now++;
    this.memory.trim(this.capacity);
    this.lru.load(slot);
    this.lfu.load(slot);
  }

  victim(page: number, prediction: number, protectedSlots: IndexSet): number {
    if (page !== NO_PAGE) this.learn(page);
    this.lruNamed = this.random.below(COIN_SIDES) < this.weight * COIN_SIDES ? 1 : 0;
    const chosen = this.lruNamed === 1 ? this.lru : this.lfu;
    this.named = chosen.victim(page, prediction, protectedSlots);
    return this.named;
  }

  remove(slot: number, page: number): void {
    this.lru.remove(slot);
    this.lfu.remove(slot);
    if (slot !== this.named) return;
    this.named = -1;
    this.memory.append(page);
    this.namedByLru[page] = this.lruNamed;
    this.leftAt[page] = this.now;
  }

  audit(occupied: IndexSet): void {
    this.lru.audit(occupied);
    this.lfu.audit(occupied);
  }

  /** Forgets a page, and if it was remembered, takes weight from whoever let it go. */
  private learn(page: number): void {
    if (!this.memory.delete(page)) return;
    const regret = Math.exp(-this.rate * Math.exp(this.decay * (this.now - this.leftAt[page])));
    const byLru = this.namedByLru[page] === 1;
    const lruWeight = this.weight * (byLru ? regret : 1) + LEAST_WEIGHT;
    const lfuWeight = (1 - this.weight) * (byLru ? 1 : regret) + LEAST_WEIGHT;
    this.weight = lruWeight / (lruWeight + lfuWeight);
  }
}

export const leCaR: PolicyDefinition = {
  summary: 'LRU or LFU names the victim, by weights learned from regretted evictions',
  reference: 'Vietri et al., Driving cache replacement with ML-based LeCaR, HotStorage 2018',
  randomised: true,
  parameters: { rate: 0.45, discount: 0.005 },
  create: ({ capacity, pageCount, random }, _wrapped, { rate, discount }) =>
    new LeCaR(capacity, pageCount, rate, discount, random),
};
