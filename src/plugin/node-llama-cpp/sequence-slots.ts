import { BlockManager, type Lease } from '../../kvcache/block-manager.ts';
import { assert } from '../../support/failure.ts';
import type { Complaints } from './complaints.ts';
import { conversationHash, conversationKey, KEY_BYTES } from './conversation-key.ts';
import type { DiskTier } from './disk-tier.ts';
import type { EngineContext, EngineSequence } from './engine.ts';
import { type OnlinePolicy, policyRun } from './online-policy.ts';
import type { Source } from './session-lease.ts';

/** A conversation that has a place. */
export interface Resident<Sequence> {
  readonly key: string;
  /** None while it is on its way. */
  sequence: Sequence | undefined;
  /** What was said of it last. */
  bit: number;
  /** While a request runs. */
  held: Lease | undefined;
}

/**
 * Which conversation has which sequence. Who has a place is decided at once, by the policy; what that means for the engine,
 * saving, restoring and erasing, follows in `settle` and `seat`, one call at a time.
 */
export class SequenceSlots<Sequence extends EngineSequence> {
  evictions = 0;
  readonly manager: BlockManager;
  readonly residents = new Map<string, Resident<Sequence>>();
  private readonly context: EngineContext<Sequence>;
  private readonly disk: DiskTier | undefined;
  private readonly takesDiscards: boolean;
  /** What they hold is of no use but for its head. */
  private readonly free: Sequence[] = [];
  /** Without a place any more, and not yet saved. */
  private readonly leaving: Resident<Sequence>[] = [];

  constructor(
    context: EngineContext<Sequence>,
    capacity: number,
    policy: OnlinePolicy,
    seed: number,
    disk: DiskTier | undefined,
    complaints: Complaints,
  ) {
    this.context = context;
    this.disk = disk;
    this.takesDiscards = policy.needs === 'discard bit';
    this.manager = new BlockManager({
      capacity,
      hashBytes: KEY_BYTES,
      needs: policy.needs,
      policy: policyRun(policy, seed),
      onEvent: (event) => {
        if (event.type === 'BlockRemoved') this.leave(conversationKey(event.block_hashes[0] as Uint8Array));
        if (event.type === 'PolicyDismissed')
          complaints.add(
            'policy',
            `policy ${policy.name} failed (${event.reason}); LRU goes on in its place`,
          );
      },
    });
    while (this.free.length < capacity) this.free.push(context.getSequence());
  }

  /** Whether a request of the conversation could be admitted now. */
  isReady(key: string): boolean {
    const resident = this.residents.get(key);
    return resident === undefined
      ? this.manager.hasRoom([conversationHash(key)])
      : resident.held === undefined;
  }

  /** Gives a conversation that is ready a place and pins it. @returns whether it had one */
  admit(key: string, bit: number): { resident: Resident<Sequence>; hit: boolean } {
    const held = this.manager.allocate([conversationHash(key)], Uint8Array.of(bit));
    assert(held !== null, 'there was room');
    const known = this.residents.get(key);
    const resident = known ?? { key, sequence: undefined, bit, held };
    Object.assign(resident, { bit, held });
    this.residents.set(key, resident);
    return { resident, hit: known !== undefined };
  }

  /**
   * Gives a conversation that has a place its sequence, and makes that hold what `AcquireOptions.tokens` tells.
   *
   * @throws Error where the engine fails; the conversation has then lost its place
   */
  async seat(
    resident: Resident<Sequence>,
    tokens?: readonly number[],
  ): Promise<{ sequence: Sequence; source: Source; reused: number }> {
    try {
      await this.settle();
      let source: Source = 'sequence';
      if (resident.sequence === undefined) {
        resident.sequence = this.take(tokens);
        source = (await this.restore(resident)) ? 'disk' : 'nothing';
      }
      const { sequence } = resident;
      const kept = sharedHead(sequence, source, tokens);
      const before = sequence.tokenMeter.getState().usedInputTokens;
      if (kept < sequence.nextTokenIndex)
        await sequence.eraseContextTokenRanges([{ start: kept, end: sequence.nextTokenIndex }]);
      // An engine that cannot erase a part evaluates the rest again.
      const again = sequence.tokenMeter.getState().usedInputTokens - before;
      return { sequence, source, reused: Math.max(0, kept - again) };
    } catch (error) {
      this.dismiss(resident);
      throw error;
    }
  }

  /** The bit of a conversation that has a place is another one now. */
  say(resident: Resident<Sequence>, bit: number): void {
    if (bit === resident.bit) return;
    resident.bit = bit;
    const hash = conversationHash(resident.key);
    if (bit === 1 && this.takesDiscards) this.manager.discard(hash);
    else this.manager.amend([hash], Uint8Array.of(bit));
  }

  /** The request of a conversation is over. */
  release(resident: Resident<Sequence>): void {
    if (resident.sequence?.disposed !== false) {
      this.dismiss(resident);
      return;
    }
    assert(resident.held !== undefined, 'a conversation was released twice');
    this.manager.release(resident.held);
    resident.held = undefined;
  }

  /** Saves those who have lost their place, and frees their sequences. */
  async settle(): Promise<void> {
    for (let one = this.leaving.shift(); one !== undefined; one = this.leaving.shift()) {
      const { key, sequence, bit } = one;
      // A caller has disposed of it, or the engine failed on it.
      if (sequence === undefined || sequence.disposed) this.free.push(this.context.getSequence());
      else {
        this.evictions++;
        this.free.push(sequence);
        if (sequence.nextTokenIndex > 0) await this.disk?.save(key, sequence, bit);
      }
    }
  }

  /** Erases what is held of a conversation that no request holds. */
  async forget(key: string): Promise<void> {
    await this.settle();
    const sequence = this.residents.get(key)?.sequence;
    this.manager.remove(conversationHash(key));
    this.disk?.forget(key);
    const at = this.leaving.findIndex((one) => one.key === key);
    if (at < 0 || sequence === undefined) return;
    this.leaving.splice(at, 1);
    this.free.push(sequence);
    await sequence.eraseContextTokenRanges([{ start: 0, end: sequence.nextTokenIndex }]);
  }

  /** Saves every conversation, in the order in which the policy lets them go, and gives the sequences back to the context. */
  async close(): Promise<void> {
    this.manager.evict(this.manager.size);
    await this.settle();
    for (const sequence of this.free.splice(0)) await sequence.dispose();
  }

  /** @throws Error if a conversation or a sequence was lost */
  audit(): void {
    this.manager.audit();
    assert(this.residents.size === this.manager.size, 'a conversation was lost');
    const seated = [...this.residents.values()].filter(({ sequence }) => sequence !== undefined).length;
    const places = seated + this.free.length + this.leaving.length;
    assert(places === this.manager.capacity, `${places} of ${this.manager.capacity} sequences are left`);
  }

  /** The free sequence that shares the longest head with the prompt. */
  private take(tokens: readonly number[] | undefined): Sequence {
    let best = this.free.length - 1;
    if (tokens !== undefined && this.free.length > 1) {
      const heads = this.free.map((sequence) => sharedHead(sequence, 'nothing', tokens));
      best = heads.indexOf(Math.max(...heads));
    }
    const [sequence] = this.free.splice(best, 1);
    assert(sequence !== undefined, 'a sequence was lost');
    return sequence;
  }

  private async restore(resident: Resident<Sequence>): Promise<boolean> {
    const { key, sequence } = resident;
    if (this.disk === undefined || sequence === undefined) return false;
    const outcome = await this.disk.restore(key, sequence);
    if (outcome === 'failed') {
      // Nobody knows what the engine has left in it.
      await sequence.dispose();
      resident.sequence = this.context.getSequence();
    }
    return outcome === 'restored';
  }

  /** A conversation loses its place, and its sequence is not trusted. */
  private dismiss(resident: Resident<Sequence>): void {
    void resident.sequence?.dispose();
    resident.sequence = undefined;
    if (resident.held !== undefined) this.manager.release(resident.held);
    resident.held = undefined;
    this.manager.remove(conversationHash(resident.key));
  }

  private leave(key: string): void {
    const resident = this.residents.get(key);
    assert(resident !== undefined, 'a conversation was lost');
    this.residents.delete(key);
    this.leaving.push(resident);
  }
}

/** How many tokens at the head of a sequence may stay: its own or those of the prompt, of which one is left to evaluate. */
function sharedHead(sequence: EngineSequence, source: Source, tokens: readonly number[] | undefined): number {
  if (tokens === undefined) return source === 'nothing' ? 0 : sequence.nextTokenIndex;
  const held = sequence.contextTokens;
  const most = Math.min(held.length, tokens.length - 1);
  let shared = 0;
  while (shared < most && held[shared] === tokens[shared]) shared++;
  return shared;
}
