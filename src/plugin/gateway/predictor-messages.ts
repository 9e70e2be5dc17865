/** What the gateway and its predictor thread tell each other. */
import type { Engine } from './engine-field.ts';
import type { Insertion } from './json-insertion.ts';

/** How the predictor is set up; crosses to its thread. */
export interface PredictorSettings {
  readonly engine: Engine;
  /** Model file; without one the predictor only follows the requests. */
  readonly model: string | undefined;
  /** Of the engine's cache, in blocks of the gateway. */
  readonly capacity: number;
  /** Bytes of text in a block. */
  readonly blockBytes: number;
  /** Of the block hashes. */
  readonly key: Uint8Array;
  /** How many blocks and requests are remembered. */
  readonly rememberedBlocks: number;
  readonly rememberedRequests: number;
}

/** How much of a request to keep, from its first block on. */
export interface Decision {
  readonly keepBlocks: number;
  readonly blocks: number;
  /** Estimated. */
  readonly keepTokens: number;
}

/** A prompt that was answered, with its lengths in tokens. */
export interface FinishedPrompt {
  readonly id: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type ToPredictor =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly seconds: number;
      readonly bytesPerToken: number;
      readonly body: Uint8Array;
      /** What was answered since the question before. */
      readonly finished: readonly FinishedPrompt[];
    }
  | { readonly kind: 'load'; readonly model: string };

/** Why a request is forwarded as it came. */
export type Untouched =
  | 'no model'
  | 'not paying'
  | 'malformed'
  | 'no prompt'
  | 'field is taken'
  | 'nothing to say'
  | 'late'
  | 'overloaded'
  | 'no predictor'
  | 'switched off';

export interface Answer {
  readonly kind: 'answer';
  readonly id: number;
  /** Hashes of the prompt's blocks, none where there is no prompt. */
  readonly hashes: Float64Array;
  readonly textBytes: number;
  readonly inputTokens: number;
  readonly decision: Decision | undefined;
  readonly insertion: Insertion | undefined;
  readonly untouched: Untouched | undefined;
}

/** A model file, and what it says to this engine at this size of its cache. */
export interface ModelAtWork {
  readonly model: string;
  /** Nothing where its bits saved no faults on held-out requests: that is LRU. */
  readonly says: 'cut points' | 'one bit' | 'nothing';
  /** The least chance to come back in time with which a block is kept; `null` where nothing is said. */
  readonly threshold: number | null;
}

export type FromPredictor =
  | Answer
  | { readonly kind: 'started' }
  | ({ readonly kind: 'loaded' } & ModelAtWork)
  | { readonly kind: 'failed'; readonly failure: string };
