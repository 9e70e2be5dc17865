import { Failure } from '../../support/failure.ts';
import { BitSource, type Observed } from './bit-source.ts';
import { Complaints } from './complaints.ts';
import { keyOf } from './conversation-key.ts';
import { DiskTier } from './disk-tier.ts';
import type { EngineContext, EngineSequence, TokenCount } from './engine.ts';
import { engineFingerprint } from './engine-fingerprint.ts';
import type { SessionMetrics } from './metrics.ts';
import { onlinePolicy } from './online-policy.ts';
import { type Resident, SequenceSlots } from './sequence-slots.ts';
import type { AcquireOptions, SessionLease } from './session-lease.ts';
import { DEFAULT_POLICY, type DiskSettings, type SessionCacheSettings } from './settings.ts';
import { WaitingLine } from './waiting-line.ts';

interface Request extends AcquireOptions {
  readonly conversation: string;
  readonly key: string;
}

/**
 * Shares the N sequences of a node-llama-cpp context among any number of conversations: paging, with a conversation for a page,
 * a sequence for a slot, and a fault that computes the conversation again. A policy of the catalog decides who keeps a sequence;
 * who loses it is saved to the disk, where there is one, and restored at its next request. A conversation is pinned while its
 * request runs.
 *
 * Every bit defaults to keep. While no bit has said discard, a policy with bits is exactly LRU by arrival. Where all residents
 * are predicted "discard", `discard(lru)` takes the least recently used of them: a bit that says the same of all says nothing.
 *
 * O(N) a request at most, beside the engine's work. Memory: 53 bytes a sequence, and on the disk a conversation, of 4,096.
 *
 * @example
 * const cache = new SessionCache({ context });
 * const lease = await cache.acquire('user 17');
 * const session = new LlamaChatSession({ contextSequence: lease.sequence });
 * session.setChatHistory(history);
 * const answer = await session.prompt(message);
 * lease.release();
 */
export class SessionCache<Sequence extends EngineSequence> {
  private readonly slots: SequenceSlots<Sequence>;
  private readonly line = new WaitingLine<Request, SessionLease<Sequence>>();
  private readonly disk: DiskTier | undefined;
  private readonly source: BitSource;
  private readonly complaints: Complaints;
  private readonly now: () => number;
  private readonly outcomes = { sequence: 0, disk: 0, nothing: 0 };
  private reused = 0;
  private prefilled = 0;
  private generated = 0;
  private latest = 0;
  /** Settled when no sequence is on its way. */
  private work: Promise<unknown> = Promise.resolve();
  private scheduled = false;
  private closing: Promise<void> | undefined;
  private whenIdle: (() => void) | undefined;

  /**
   * Takes the sequences of a context.
   *
   * @throws Failure for settings that cannot be: no sequence left, an unknown policy, a folder or a log that cannot be used. A
   *   model file that cannot be used is told and counted instead, and LRU runs.
   */
  constructor(settings: SessionCacheSettings<Sequence>) {
    const { context, policy = DEFAULT_POLICY, seed = 1, disk } = settings;
    const capacity = capacityOf(settings);
    const found = onlinePolicy(policy);
    this.complaints = new Complaints(settings.log ?? console.warn);
    this.now = settings.now ?? (() => Date.now() / 1000);
    this.source = new BitSource(capacity, settings, this.complaints);
    this.disk = disk && openDisk(disk, context, seed, this.complaints);
    this.slots = new SequenceSlots(context, capacity, found, seed, this.disk, this.complaints);
  }

  /** N. */
  get capacity(): number {
    return this.slots.manager.capacity;
  }

  /** What has happened so far. */
  get metrics(): SessionMetrics {
    const { outcomes, disk } = this;
    return {
      requests: outcomes.sequence + outcomes.disk + outcomes.nothing,
      hits: outcomes.sequence,
      restored: outcomes.disk,
      misses: outcomes.nothing,
      tokensReused: this.reused,
      tokensPrefilled: this.prefilled,
      tokensGenerated: this.generated,
      evictions: this.slots.evictions,
      savedBytes: disk?.savedBytes ?? 0,
      restoredBytes: disk?.restoredBytes ?? 0,
      diskBytes: disk?.used ?? 0,
      diskConversations: disk?.size ?? 0,
      diskEvictions: disk?.evictions ?? 0,
      waiting: this.line.length,
      fallbacks: Object.fromEntries(this.complaints.counts),
    };
  }

  /** Whether a conversation has a sequence now. */
  has(conversation: string): boolean {
    return this.slots.residents.has(keyOf(conversation));
  }

  /**
   * A sequence for one request of a conversation. Where all are in use, or the conversation's own is, requests wait in order.
   *
   * @param conversation any name that stands for one chat alone
   * @throws Failure after `close`; the reason of `signal` where that is aborted while waiting; what the engine throws
   */
  acquire(conversation: string, options: AcquireOptions = {}): Promise<SessionLease<Sequence>> {
    if (this.closing !== undefined) return Promise.reject(closedFailure());
    const lease = this.line.join({ ...options, conversation, key: keyOf(conversation) });
    this.advance();
    return lease;
  }

  /** A late bit: the conversation is now predicted safe to discard. Of no effect where it has no sequence. */
  discard(conversation: string): void {
    this.say(this.slots.residents.get(keyOf(conversation)), 1);
    this.advance();
  }

  /**
   * The conversation is over: what is held of it is erased, from its sequence and from the disk.
   *
   * @throws Failure while a request of it runs
   */
  forget(conversation: string): Promise<void> {
    const key = keyOf(conversation);
    return this.inTurn(async () => {
      if (this.slots.residents.get(key)?.held !== undefined)
        throw new Failure(`conversation ${conversation}: a request of it runs; release it before forget`);
      this.source.forget(key);
      await this.slots.forget(key);
    });
  }

  /**
   * Ends the service: requests that wait are refused, those that run are waited for, the conversations are saved to the disk,
   * where there is one, and the sequences are given back to the context.
   */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** @throws Error if anything was lost; for tests, while nothing is on its way */
  audit(): void {
    this.slots.audit();
    this.disk?.audit();
  }

  private async end(): Promise<void> {
    for (let one = this.line.next(() => true); one !== undefined; one = this.line.next(() => true))
      one.serve(Promise.reject(closedFailure()));
    await this.work;
    if (this.slots.manager.inUse > 0) {
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    }
    await this.inTurn(() => this.slots.close());
    this.disk?.close();
    this.source.close();
  }

  /** Serves those who wait, as far as there are sequences. */
  private advance(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    void this.inTurn(async () => {
      this.scheduled = false;
      for (;;) {
        const next = this.line.next(({ key }) => this.slots.isReady(key));
        if (next === undefined) break;
        const lease = this.lease(next.who);
        next.serve(lease);
        await lease.catch(() => {});
      }
      await this.slots.settle();
    }).catch((error) =>
      this.complaints.add('engine', `the engine failed (${error.message}); look for its own log`),
    );
  }

  /** One at a time, in order: sequences are saved and restored by nobody else meanwhile. */
  private inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.work.then(task);
    this.work = result.catch(() => {});
    return result;
  }

  private async lease({ conversation, key, bit, tokens }: Request): Promise<SessionLease<Sequence>> {
    this.latest = Math.max(this.latest, this.now());
    const observed = this.source.arrive(key, this.latest);
    if (observed.discard !== undefined) this.say(this.slots.residents.get(observed.discard), 1);
    const { resident } = this.slots.admit(key, this.checked(bit ?? 0));
    const { sequence, source, reused } = await this.slots.seat(resident, tokens);
    this.outcomes[source]++;
    const before = sequence.tokenMeter.getState();
    let released = false;
    const release = (after?: { readonly bit?: number }) => {
      if (released) return;
      released = true;
      if (!sequence.disposed) this.meter(observed, sequence, before, reused);
      if (after?.bit !== undefined) this.say(resident, after.bit);
      this.slots.release(resident);
      if (this.slots.manager.inUse === 0) this.whenIdle?.();
      this.advance();
    };
    return { conversation, sequence, source, reused, release };
  }

  private meter(observed: Observed, sequence: Sequence, before: TokenCount, reused: number): void {
    const now = sequence.tokenMeter.getState();
    const prefilled = now.usedInputTokens - before.usedInputTokens;
    const generated = now.usedOutputTokens - before.usedOutputTokens;
    const held = sequence.nextTokenIndex;
    this.prefilled += prefilled;
    this.generated += generated;
    // Less than was there, where the caller has erased some of it.
    this.reused += Math.max(0, Math.min(reused, held - prefilled - generated));
    // The last token of a prompt is the first whose successor is computed; that of the last token is not evaluated.
    this.source.finish(observed, held - Math.max(0, generated - 1), generated);
  }

  private say(resident: Resident<Sequence> | undefined, bit: number): void {
    if (resident !== undefined) this.slots.say(resident, this.checked(bit));
  }

  private checked(bit: number): number {
    if (bit !== 0 && bit !== 1)
      this.complaints.add('bit', `a bit was ${bit} and counts as keep; give 0 or 1`);
    return bit === 1 ? 1 : 0;
  }
}

function capacityOf({
  context,
  sequences = context.sequencesLeft,
}: SessionCacheSettings<EngineSequence>): number {
  if (Number.isSafeInteger(sequences) && sequences > 0 && sequences <= context.sequencesLeft)
    return sequences;
  throw new Failure(
    `sequences: ${sequences} of a context with ${context.sequencesLeft} left; ` +
      'make one with createContext({ sequences: N }) and take from 1 to N',
  );
}

function openDisk(
  { folder, bytes, modelPath, policy = 'lru' }: DiskSettings,
  context: EngineContext<EngineSequence>,
  seed: number,
  complaints: Complaints,
): DiskTier {
  if (!Number.isSafeInteger(bytes) || bytes <= 0)
    throw new Failure(`disk.bytes: ${bytes} is not a number of bytes; give one, for example 2 * 2 ** 30`);
  const found = onlinePolicy(policy);
  if (!found.sizes) {
    throw new Failure(
      `disk.policy: ${found.name} is not made for conversations of different sizes; use lru or discard(lru)`,
    );
  }
  const fingerprint = engineFingerprint(modelPath, context);
  return new DiskTier({ folder, bytes, fingerprint, policy: found, seed }, complaints);
}

function closedFailure(): Failure {
  return new Failure('the session cache is closed; make a new one');
}
