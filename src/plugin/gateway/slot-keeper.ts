import type { Policy } from '../../paging/policy.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { isDiscarded } from '../../predictors/cut-point.ts';
import { IndexSet } from '../../support/index-set.ts';
import { SeededRandom } from '../../support/random.ts';
import type { EventLog } from './event-log.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { Answer } from './predictor-messages.ts';
import { SlotClient } from './slot-client.ts';

/** A conversation in a slot or in a file; to the policy it is a page. */
interface Conversation {
  readonly page: number;
  hashes: Float64Array;
  /** Whether its latest request was predicted not to be continued. */
  discard: boolean;
}

/** A slot that a request has for itself until it gives it back. */
export interface SlotLease {
  readonly slot: number;
  readonly give: () => void;
}

/** Conversations kept in files of the server at most. */
const MOST_SAVED = 64;

/**
 * Owns the slots of a llama.cpp server: which conversation keeps its slot, which is saved to a file and restored, which is
 * given up. A policy of the catalog names the victims; slots in use are protected. What it believes of a slot may be wrong, as
 * after a restart of the server: the server compares prompts itself, so that costs time and never an answer.
 */
export class SlotKeeper {
  private readonly client: SlotClient;
  private readonly policyName: string;
  private readonly log: EventLog;
  private readonly metrics: GatewayMetrics;
  private policy: Policy | undefined;
  private readonly slots: (Conversation | undefined)[] = [];
  private busy = new IndexSet(0);
  /** The one saved last at the end. */
  private readonly saved: Conversation[] = [];
  private readonly freePages: number[] = [];
  private readonly queue: (() => void)[] = [];
  private canSave = true;

  /** @param policy expression, of a policy that needs nothing or discard bits */
  constructor(upstream: URL, policy: string, log: EventLog, metrics: GatewayMetrics) {
    this.client = new SlotClient(upstream);
    this.policyName = policy;
    this.log = log;
    this.metrics = metrics;
  }

  /**
   * A slot for a prompt: waits while all are in use, as the server would.
   *
   * @returns `undefined` if the server does not tell of its slots
   */
  async take({ hashes, decision }: Answer): Promise<SlotLease | undefined> {
    if (!(await this.ready())) return undefined;
    while (this.busy.count === this.slots.length)
      await new Promise<void>((resolve) => this.queue.push(resolve));
    const discard = decision !== undefined && isDiscarded(decision.keepBlocks, decision.blocks);
    const resident = this.slots.findIndex((held, slot) => !this.busy.has(slot) && continues(hashes, held));
    const slot = resident >= 0 ? this.hit(resident, discard) : await this.load(hashes, discard);
    (this.slots[slot] as Conversation).hashes = hashes;
    return { slot, give: () => this.give(slot) };
  }

  private hit(slot: number, discard: boolean): number {
    const conversation = this.slots[slot] as Conversation;
    conversation.discard = discard;
    this.busy.add(slot);
    this.policy?.hit(slot, conversation.page, Number(discard));
    this.metrics.slotOperations.inc({ operation: 'reuse' });
    return slot;
  }

  /** Everything is settled before the first wait, so that no other request meets a slot half changed. */
  private async load(hashes: Float64Array, discard: boolean): Promise<number> {
    const policy = this.policy as Policy;
    const known = this.saved.findIndex((conversation) => continues(hashes, conversation));
    const [restored] = known >= 0 ? this.saved.splice(known, 1) : [];
    const conversation = restored ?? { page: this.freePage(), hashes, discard };
    conversation.discard = discard;
    let slot = this.slots.findIndex((held, place) => held === undefined && !this.busy.has(place));
    if (slot < 0) slot = policy.victim(conversation.page, Number(discard), this.busy);
    const victim = this.slots[slot];
    if (victim !== undefined) policy.remove(slot, victim.page);
    this.slots[slot] = conversation;
    this.busy.add(slot);
    policy.load(slot, conversation.page, Number(discard));
    if (victim !== undefined) await this.leave(slot, victim, hashes);
    if (restored !== undefined) await this.act('restore', slot, restored);
    return slot;
  }

  /** Saves a conversation that leaves its slot, if it is worth that. */
  private async leave(slot: number, victim: Conversation, next: Float64Array): Promise<void> {
    if (!victim.discard && this.canSave && (await this.act('save', slot, victim))) {
      this.saved.push(victim);
      if (this.saved.length > MOST_SAVED) this.freePages.push((this.saved.shift() as Conversation).page);
    } else {
      this.freePages.push(victim.page);
      // A common beginning, such as the system prompt, is reused where it stands.
      if (victim.hashes[0] !== next[0]) await this.act('erase', slot, victim);
    }
  }

  private async act(
    operation: 'save' | 'restore' | 'erase',
    slot: number,
    { page }: Conversation,
  ): Promise<boolean> {
    try {
      await this.client.act(operation, slot, `onebit-${page}.bin`);
      this.metrics.slotOperations.inc({ operation });
      return true;
    } catch (error) {
      if (operation === 'save') this.canSave = false;
      this.log.complain(
        `slot ${operation} failed`,
        'start the server with --slot-save-path and room there; conversations are computed again',
        {
          failure: (error as Error).message,
        },
      );
      return false;
    }
  }

  private give(slot: number): void {
    this.busy.delete(slot);
    this.queue.shift()?.();
  }

  private freePage(): number {
    return this.freePages.pop() as number;
  }

  private async ready(): Promise<boolean> {
    if (this.policy !== undefined) return true;
    try {
      const count = await this.client.count();
      // Two requests may have asked at once.
      if (this.policy === undefined) this.start(count);
      return true;
    } catch (error) {
      this.log.complain(
        'slots unknown',
        'start llama.cpp’s server; until it answers requests pass as they came',
        {
          failure: (error as Error).message,
        },
      );
      return false;
    }
  }

  private start(count: number): void {
    // One more than can be in slots and files, for the one that arrives; and one for each that is being saved.
    const pageCount = 2 * count + MOST_SAVED + 1;
    const sequence = { pages: new Uint32Array(0), pageCount };
    const run = { capacity: count, pageCount, random: new SeededRandom(1), sequence };
    this.policy = findPolicy(this.policyName).create(run);
    this.busy = new IndexSet(count);
    this.slots.length = 0;
    for (let slot = 0; slot < count; slot++) this.slots.push(undefined);
    for (let page = pageCount - 1; page >= 0; page--) this.freePages.push(page);
    this.log.mended('slots unknown');
    this.log.info('slots', { count, policy: this.policyName });
  }
}

/** Whether a prompt goes on from a conversation: all of it but its last block, which was partial, begins the prompt. */
function continues(hashes: Float64Array, conversation: Conversation | undefined): boolean {
  if (conversation === undefined) return false;
  const before = conversation.hashes;
  const whole = before.length - 1;
  if (hashes.length < before.length) return false;
  if (whole === 0) return hashes.length === 1 && hashes[0] === before[0];
  for (let i = 0; i < whole; i++) if (hashes[i] !== before[i]) return false;
  return true;
}
