/**
 * What the session cache asks of node-llama-cpp, as shapes alone: its `LlamaContext` and `LlamaContextSequence` have them, so
 * that nothing of the engine is imported here, and a test can stand in for it.
 */

/** Tokens evaluated since the sequence was made; those whose successor was computed count as output. */
export interface TokenCount {
  readonly usedInputTokens: number;
  readonly usedOutputTokens: number;
}

/** A sequence of a context: the evaluated tokens of one conversation. */
export interface EngineSequence {
  readonly disposed: boolean;
  /** How many tokens it holds. */
  readonly nextTokenIndex: number;
  readonly contextTokens: readonly number[];
  readonly tokenMeter: { getState(): TokenCount };
  eraseContextTokenRanges(ranges: { start: number; end: number }[]): Promise<void>;
  saveStateToFile(path: string): Promise<{ readonly fileSize: number }>;
  loadStateFromFile(path: string, acceptRisk: { readonly acceptRisk: true }): Promise<void>;
  dispose(): Promise<void>;
}

/** A context with room for several sequences. */
export interface EngineContext<Sequence extends EngineSequence> {
  /** Sequences that nobody has taken yet. */
  readonly sequencesLeft: number;
  getSequence(): Sequence;
  readonly kvCacheKeyType: number;
  readonly kvCacheValueType: number;
  readonly model: { readonly llama: { readonly llamaCppRelease: { readonly release: string } } };
}
