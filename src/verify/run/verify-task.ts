/** What the threads of `onebit verify` say to each other. */
import type { VerifyRecord } from './verify-record.ts';
import type { PolicyFacts } from './verify-text.ts';

/** What a worker is given when it starts; then it is sent the numbers of laws. */
export interface Task {
  /** A policy expression, or a file. */
  readonly subject: string;
  readonly seed: number;
  /** An instance, or a file with one, to try the laws on instead of the engines. */
  readonly replay?: string;
  readonly memory: SharedArrayBuffer;
}

/** A policy that is loaded. */
export interface Subject {
  readonly facts: PolicyFacts;
  /** For each law why the policy is not held to it, or undefined where it is. */
  readonly exempt: readonly (string | undefined)[];
}

/** What a worker sends back: once ready or refused, then a record a law. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly subject: Subject }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'record'; readonly record: VerifyRecord };
