import type { RequestSequence } from '../paging/request-sequence.ts';

/**
 * A serving trace in columns: request r touches the blocks `blocks.pages[firstBlock[r] … firstBlock[r + 1] − 1]`, head
 * first. `blocks` is at the same time the flat request sequence that the paging policies see: flattening is a view. A
 * trace of single pages is the special case of one block a request.
 */
export interface ServingTrace {
  /** What the trace is called in tables: its file name, or what the embedded trace is. */
  readonly name: string;
  /** All block accesses in order; a block is a page. */
  readonly blocks: RequestSequence;
  /** Index of each request's first block access, and the number of accesses at the end: requests + 1 numbers. */
  readonly firstBlock: Uint32Array;
  /** Arrival of each request, seconds from the start of the trace, never decreasing. */
  readonly time: Float64Array;
  /** Prompt length of each request in tokens; 0 where the format does not tell. */
  readonly inputTokens: Uint32Array;
  /** Answer length of each request in tokens; 0 where the format does not tell. */
  readonly outputTokens: Uint32Array;
  /** The request that each request continues, −1 if it opens a conversation; `findParents` finds it where the trace does not tell. */
  readonly parent: Int32Array;
  /** What each request waited for, where the trace tells. */
  readonly pauses?: Pauses;
}

/** Clients that send a request some time after the answer to their last one. */
export interface Pauses {
  /** The request whose answer each request waited for; −1 for a client's first request. */
  readonly after: Int32Array;
  /** Seconds from the end of that answer to the request: thinking, typing, tools; 0 where `after` is −1. */
  readonly seconds: Float64Array;
}

/** Number of requests of a serving trace. */
export function requestCount(trace: ServingTrace): number {
  return trace.time.length;
}

/** The arrival of each block access: that of its request, in seconds. O(accesses). */
export function accessTimes({ firstBlock, time }: ServingTrace): Float64Array {
  const times = new Float64Array(firstBlock[time.length]);
  for (let request = 0; request < time.length; request++) {
    times.fill(time[request], firstBlock[request], firstBlock[request + 1]);
  }
  return times;
}
