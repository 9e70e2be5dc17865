/**
 * The features of `blockFeatures` (src/features), computed request by request, for a trace in which every conversation is one
 * page. A test holds the two to the same numbers.
 */
import { FEATURE_NAMES } from '../../features/block-features.ts';

const MINUTE = 60;

/** What is remembered of a conversation. */
interface Past {
  accesses: number;
  first: number;
  last: number;
  /** Of the latest request. */
  inputTokens: number;
  outputTokens: number;
  turn: number;
  /** When the chain of turns began that the latest request is part of. */
  opened: number;
  /** Requests that were continued. */
  continued: number;
}

/** A request that runs: what was known when it arrived. */
export interface Arrival {
  readonly key: string;
  /** In seconds, never decreasing. */
  readonly time: number;
  /** Requests before it, of all conversations. */
  readonly before: number;
  /** Of those, the ones in the minute before it. */
  readonly recent: number;
}

/** O(1) a request, amortised; about 200 bytes a remembered conversation. */
export class ConversationFeatures {
  private readonly past = new Map<string, Past>();
  private readonly remembered: number;
  private requests = 0;
  /** Arrivals of the last minute from `oldest` on. */
  private recent: number[] = [];
  private oldest = 0;

  /** @param remembered conversations that are not forgotten, those that were requested last */
  constructor(remembered: number) {
    this.remembered = remembered;
  }

  /** A request arrives. */
  arrive(key: string, time: number): Arrival {
    while (this.oldest < this.recent.length && this.recent[this.oldest] < time - MINUTE) this.oldest++;
    if (this.oldest > 1024) {
      this.recent = this.recent.slice(this.oldest);
      this.oldest = 0;
    }
    const arrival = { key, time, before: this.requests++, recent: this.recent.length - this.oldest };
    this.recent.push(time);
    return arrival;
  }

  /**
   * A request is over, and how long its prompt was is known.
   *
   * @returns its features, in the order of `FEATURE_NAMES`
   */
  finish({ key, time, before, recent }: Arrival, inputTokens: number, outputTokens: number): Float32Array {
    const past = this.past.get(key);
    // A shorter prompt is another question (src/traces/find-parents.ts).
    const parent = past !== undefined && inputTokens >= past.inputTokens ? past : undefined;
    const turn = parent === undefined ? 0 : parent.turn + 1;
    const opened = parent?.opened ?? time;
    const accesses = past?.accesses ?? 0;
    const growth = parent === undefined ? -1 : inputTokens - parent.inputTokens;
    const values: Readonly<Record<string, number>> = {
      'is last block': 1,
      'blocks past match': past === undefined ? 0 : -1,
      'past accesses': accesses,
      'seconds since access': past === undefined ? -1 : time - past.last,
      'seconds since first access': past === undefined ? -1 : time - past.first,
      'blocks in request': 1,
      'matched blocks': past === undefined ? 0 : 1,
      'matched share': past === undefined ? 0 : 1,
      'input tokens': inputTokens,
      turn,
      'seconds since parent': parent === undefined ? -1 : time - parent.last,
      'mean seconds between turns': turn > 0 ? (time - opened) / turn : -1,
      'parent input tokens': parent?.inputTokens ?? -1,
      'parent output tokens': parent?.outputTokens ?? -1,
      'growth since parent': growth,
      'message tokens': parent === undefined ? -1 : growth - parent.outputTokens,
      'root share': before > 0 ? accesses / before : -1,
      'family requests': accesses,
      'family continued share': past === undefined ? -1 : past.continued / accesses,
      'family age': past === undefined ? -1 : time - past.first,
      'matched block branching': past === undefined ? -1 : 0,
      'matched block share': past === undefined ? -1 : accesses / before,
      siblings: parent === undefined ? -1 : 0,
      'requests in last minute': recent,
    };
    this.remember(key, {
      accesses: accesses + 1,
      first: past?.first ?? time,
      last: time,
      inputTokens,
      outputTokens,
      turn,
      opened,
      continued: (past?.continued ?? 0) + (parent === undefined ? 0 : 1),
    });
    return Float32Array.from(FEATURE_NAMES, (name) => values[name] ?? 0);
  }

  private remember(key: string, past: Past): void {
    // A map keeps the order of entry: the conversation that was requested longest ago comes first.
    this.past.delete(key);
    this.past.set(key, past);
    if (this.past.size <= this.remembered) return;
    for (const [oldest] of this.past) {
      this.past.delete(oldest);
      return;
    }
  }
}
