import type { RequestSequence } from '../paging/request-sequence.ts';
import { findParents } from './find-parents.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * A trace of single pages as a serving trace: one block a request, token counts unknown, and the parent of a request is
 * the previous access of its page. O(requests + pages).
 *
 * @param name what the trace is called in tables
 * @param time of each access, in seconds from the start, never decreasing
 */
export function pageTrace(name: string, blocks: RequestSequence, time: Float64Array): ServingTrace {
  const requests = blocks.pages.length;
  const firstBlock = Uint32Array.from({ length: requests + 1 }, (_, r) => r);
  const unknown = new Uint32Array(requests);
  const parent = findParents(blocks, firstBlock, unknown);
  return { name, blocks, firstBlock, time, inputTokens: unknown, outputTokens: unknown, parent };
}
