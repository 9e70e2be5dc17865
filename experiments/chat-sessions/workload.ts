/** Conversations for the replay: generated sessions, shrunk to what a small model on a CPU can serve. */
import { DEFAULT_SESSIONS, generateSessions, requestSequence, type ServingTrace } from 'onebit';
import { conversationTrace } from 'onebit/plugin/node-llama-cpp';

/** Every length is divided by it: the longest prompt then fits a context of 2,048 tokens. */
const SHRINK = 64;
/** A fortieth of the generator's own rate, so that eight sequences are short of places and not hopeless. */
const SESSIONS_PER_SECOND = 0.05;
const SEED = 1;

/** Requests of a workload in order of arrival, each one a turn of a conversation. */
export interface Turns {
  readonly conversation: Uint32Array;
  /** In seconds. */
  readonly time: Float64Array;
  /** Tokens of the prompt: what the conversation said so far, and the new message. */
  readonly promptTokens: Uint32Array;
}

/** One page a conversation; answers are of one token, as the replay computes no more of them. */
export function workload(requests: number): ServingTrace {
  const generated = generateSessions(
    { ...DEFAULT_SESSIONS, requests, sessionsPerSecond: SESSIONS_PER_SECOND },
    SEED,
  );
  const trace = conversationTrace(generated);
  return {
    ...trace,
    inputTokens: trace.inputTokens.map((tokens) => Math.max(2, Math.ceil(tokens / SHRINK))),
    outputTokens: trace.outputTokens.map(() => 1),
  };
}

/** The part of a workload from a request on. */
export function turnsFrom({ blocks, time, inputTokens }: ServingTrace, from: number): Turns {
  return {
    conversation: blocks.pages.slice(from),
    time: time.slice(from),
    promptTokens: inputTokens.slice(from),
  };
}

/** As a request sequence of its own. */
export function sequenceOf({ conversation }: Turns) {
  return requestSequence(Array.from(conversation));
}
