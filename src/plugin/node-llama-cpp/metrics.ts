/** What a session cache has done so far. */
export interface SessionMetrics {
  /** Leases given out. */
  readonly requests: number;
  /** Of them: the conversation had kept its sequence; it was restored from the disk; neither. */
  readonly hits: number;
  readonly restored: number;
  readonly misses: number;
  /** Tokens found at the head of sequences and not evaluated again. */
  readonly tokensReused: number;
  /** Tokens evaluated without computing a successor: the prompts, but for the last token of each. */
  readonly tokensPrefilled: number;
  /** Tokens whose successor was computed: those of the answers. */
  readonly tokensGenerated: number;
  /** Conversations that lost their sequence to another one. */
  readonly evictions: number;
  readonly savedBytes: number;
  readonly restoredBytes: number;
  /** On the disk now. */
  readonly diskBytes: number;
  readonly diskConversations: number;
  /** Conversations that have left the disk to make room. */
  readonly diskEvictions: number;
  /** Requests that wait for a sequence now. */
  readonly waiting: number;
  /** How often each kind of trouble arose that LRU, or computing again, has made up for. */
  readonly fallbacks: Readonly<Record<string, number>>;
}
