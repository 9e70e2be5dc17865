import type { EngineSequence } from './engine.ts';

/** Where the tokens at the head of a leased sequence come from. */
export type Source = 'sequence' | 'disk' | 'nothing';

/** What a caller holds from `acquire` to `release`: one sequence of the engine, for one conversation alone. */
export interface SessionLease<Sequence extends EngineSequence> {
  readonly conversation: string;
  /** Hand it to a `LlamaChatSession`, or evaluate on it; not to be used after `release`, nor to be disposed. */
  readonly sequence: Sequence;
  /** `sequence` where the conversation had kept its own, `disk` where it was restored. */
  readonly source: Source;
  /** Tokens at the head of the sequence that need not be evaluated again. */
  readonly reused: number;
  /**
   * Gives the sequence back; a second call does nothing.
   *
   * @param after.bit 1 where the conversation is now predicted safe to discard, 0 keep; unchanged if absent
   */
  release(after?: { readonly bit?: number }): void;
}

export interface AcquireOptions {
  /** What is predicted of this request: 1 safe to discard, 0 keep; 0 if absent. */
  readonly bit?: number;
  /**
   * Tokens of the prompt. The sequence then holds a head of them, the longest that is there and shorter than the prompt, also one
   * left by another conversation, such as a system prompt. Without them a conversation finds what it left itself, or nothing.
   */
  readonly tokens?: readonly number[];
  /** Stops waiting for a sequence. */
  readonly signal?: AbortSignal;
}
