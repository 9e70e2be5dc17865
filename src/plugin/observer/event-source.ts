import type { Dealer, Subscriber } from 'zeromq';
import { Failure } from '../../support/failure.ts';

/** What a source of messages has done. */
export interface SourceCounts {
  messages: number;
  /** Gaps in the numbers of messages, … */
  gaps: number;
  /** … the messages in them, … */
  missed: number;
  /** … and those of them that were replayed. */
  replayed: number;
  restarts: number;
}

export interface SourceSettings {
  /** Where the engine publishes, such as tcp://127.0.0.1:5557. */
  readonly endpoint: string;
  /** Where it replays what was missed, if it does. */
  readonly replay: string | undefined;
  /** Takes each message's payload, in order. */
  readonly take: (payload: Uint8Array) => void;
  /** The publisher has started anew: its cache is empty. */
  readonly restarted: () => void;
  /** Messages from … to … − 1 are lost for good. */
  readonly lost: (from: number, to: number) => void;
}

/** As many messages as vLLM's publisher holds ready for a slow reader. */
const MOST_WAITING = 100_000;
const REPLAY_MILLISECONDS = 2000;

/**
 * The messages of an engine's publisher, in order. Their numbers tell what was missed: that is asked for where the engine replays,
 * while new messages wait. A number that falls back tells that the publisher has started anew. Connections that break are made
 * again by ZeroMQ.
 */
export class EventSource {
  readonly counts: SourceCounts = { messages: 0, gaps: 0, missed: 0, replayed: 0, restarts: 0 };
  /** Seconds since 1970 at which the latest message was taken in. */
  takenAt = Number.NaN;
  private readonly settings: SourceSettings;
  private readonly zeromq: typeof import('zeromq');
  private readonly subscriber: Subscriber;
  private expected = 0;

  private constructor(settings: SourceSettings, zeromq: typeof import('zeromq')) {
    this.settings = settings;
    this.zeromq = zeromq;
    this.subscriber = new zeromq.Subscriber({ receiveHighWaterMark: MOST_WAITING });
  }

  /** @throws Failure where ZeroMQ is not installed, or an endpoint is none */
  static async open(settings: SourceSettings): Promise<EventSource> {
    let zeromq: typeof import('zeromq');
    try {
      zeromq = await import('zeromq');
    } catch {
      throw new Failure(
        '--kv-events needs the package zeromq, which is not installed here; npm install zeromq',
      );
    }
    const source = new EventSource(settings, zeromq);
    try {
      source.subscriber.connect(settings.endpoint);
    } catch (error) {
      throw new Failure(
        `--kv-events: ${settings.endpoint}: ${(error as Error).message}; give one such as tcp://127.0.0.1:5557`,
      );
    }
    source.subscriber.subscribe();
    return source;
  }

  /** Reads until `close`. */
  async run(): Promise<void> {
    try {
      for await (const frames of this.subscriber) {
        const [number, payload] = frames.slice(-2);
        if (frames.length < 2 || number.length !== 8) continue;
        await this.arrived(Number(number.readBigUInt64BE()), payload);
      }
    } catch (error) {
      // Reading from a socket that has just been closed fails.
      if (!this.subscriber.closed) throw error;
    }
  }

  close(): void {
    this.subscriber.close();
  }

  private async arrived(number: number, payload: Uint8Array): Promise<void> {
    if (number < this.expected) {
      this.counts.restarts++;
      this.expected = 0;
      this.settings.restarted();
    }
    if (number > this.expected) await this.fill(number);
    this.expected = number + 1;
    this.take(payload);
  }

  private take(payload: Uint8Array): void {
    this.counts.messages++;
    this.takenAt = Date.now() / 1000;
    this.settings.take(payload);
  }

  /** Asks for the messages before `until` that are missing. */
  private async fill(until: number): Promise<void> {
    this.counts.gaps++;
    this.counts.missed += until - this.expected;
    const { replay } = this.settings;
    if (replay !== undefined) await this.replay(replay, until).catch(() => {});
    if (this.expected < until) this.settings.lost(this.expected, until);
  }

  private async replay(endpoint: string, until: number): Promise<void> {
    const dealer = new this.zeromq.Dealer({ receiveTimeout: REPLAY_MILLISECONDS, linger: 0 });
    try {
      dealer.connect(endpoint);
      const from = Buffer.alloc(8);
      from.writeBigUInt64BE(BigInt(this.expected));
      await dealer.send([Buffer.alloc(0), from]);
      await this.takeReplayed(dealer, until);
    } finally {
      dealer.close();
    }
  }

  /** Engines of some releases send no topic before the number; the last message has no payload. */
  private async takeReplayed(dealer: Dealer, until: number): Promise<void> {
    for (;;) {
      const [sequence, payload] = (await dealer.receive()).slice(-2);
      const number = sequence.readBigInt64BE();
      if (number < 0n || number >= BigInt(until)) return;
      if (number < BigInt(this.expected)) continue;
      if (number > BigInt(this.expected)) this.settings.lost(this.expected, Number(number));
      this.expected = Number(number) + 1;
      this.counts.replayed++;
      this.take(payload);
    }
  }
}
