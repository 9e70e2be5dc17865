import { findParents } from '../../traces/find-parents.ts';
import { requestCount, type ServingTrace } from '../../traces/serving-trace.ts';

/**
 * A serving trace as a session cache sees it: every request is one access of one page, its conversation. A conversation is a
 * request that continues none, with all that continue it. What `onebit train` learns from it, the session cache's predictor
 * understands. O(requests).
 */
export function conversationTrace(trace: ServingTrace): ServingTrace {
  const requests = requestCount(trace);
  const pages = new Uint32Array(requests);
  let pageCount = 0;
  for (let r = 0; r < requests; r++) pages[r] = trace.parent[r] < 0 ? pageCount++ : pages[trace.parent[r]];
  const blocks = { pages, pageCount };
  const firstBlock = Uint32Array.from({ length: requests + 1 }, (_, r) => r);
  const { name, time, inputTokens, outputTokens } = trace;
  const parent = findParents(blocks, firstBlock, inputTokens);
  return { name, blocks, firstBlock, time, inputTokens, outputTokens, parent };
}
