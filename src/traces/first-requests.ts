import { requestCount, type ServingTrace } from './serving-trace.ts';

/**
 * The first requests of a trace as a trace of its own, whose pages are numbered as in the whole. O(requests): the blocks are
 * a view.
 *
 * @param requests ≥ 1; the trace itself if it has no more
 */
export function firstRequests(trace: ServingTrace, requests: number): ServingTrace {
  if (requests >= requestCount(trace)) return trace;
  const accesses = trace.firstBlock[requests];
  const pages = trace.blocks.pages.subarray(0, accesses);
  const pageCount = pages.reduce((most, page) => Math.max(most, page + 1), 0);
  return {
    name: trace.name,
    blocks: { pages, pageCount },
    firstBlock: trace.firstBlock.subarray(0, requests + 1),
    time: trace.time.subarray(0, requests),
    inputTokens: trace.inputTokens.subarray(0, requests),
    outputTokens: trace.outputTokens.subarray(0, requests),
    parent: trace.parent.subarray(0, requests),
  };
}
