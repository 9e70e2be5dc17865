import type { EngineContext, EngineSequence } from './engine.ts';

/** Where conversations go that lose their sequence. */
export interface DiskSettings {
  /** Made if missing; for this cache alone. What an earlier process of the same model and engine left there is used. */
  readonly folder: string;
  /** Most bytes of saved states; while one is being written its own come in addition. */
  readonly bytes: number;
  /** The GGUF file that the model was loaded from, by which states of another model are told apart. */
  readonly modelPath: string;
  /** Who leaves the disk to make room; `lru` if absent. One that makes sense where pages differ in size, as `discard(lru)`. */
  readonly policy?: string;
}

export interface SessionCacheSettings<Sequence extends EngineSequence> {
  /** Of node-llama-cpp, created with `sequences: N`. */
  readonly context: EngineContext<Sequence>;
  /** How many of its sequences to take; all that are left if absent. */
  readonly sequences?: number;
  /** An expression of the catalog (`onebit policies`), online and with one bit at most; `DEFAULT_POLICY` if absent. */
  readonly policy?: string;
  /** Seed of the policy's coins; 1 if absent. */
  readonly seed?: number;
  /** A model file of `onebit train`, trained on an access log; it then gives the bits. */
  readonly model?: string;
  /** A file to which each request is appended as a line of a trace, without text or names. */
  readonly accessLog?: string;
  readonly disk?: DiskSettings;
  /** Receives the first trouble of each kind, one line with the remedy; `console.warn` if absent. */
  readonly log?: (message: string) => void;
  /** Seconds, for a replay; the system's clock if absent. */
  readonly now?: () => number;
}

/** LRU as long as bits do no better; with a margin for the tens of conversations that a context has sequences for. */
export const DEFAULT_POLICY = 'switch(discard(lru),lru,margin=50)';
