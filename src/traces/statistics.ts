import { requestCount, type ServingTrace } from './serving-trace.ts';

/** A distribution in six numbers. All are 0 where there is nothing to measure. */
export interface Distribution {
  readonly mean: number;
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** What is known of a serving trace before any cache is simulated. */
export interface TraceStatistics {
  readonly requests: number;
  readonly blockAccesses: number;
  readonly distinctBlocks: number;
  readonly blocksPerRequest: Distribution;
  /** Share of the distinct blocks that are accessed exactly once. */
  readonly accessedOnce: number;
  /** Hit ratio over block accesses of a cache that never evicts. */
  readonly infiniteCacheHitRatio: number;
  /** Between two accesses of the same block, in seconds. */
  readonly reuseGapSeconds: Distribution;
  /** Between two accesses of the same block, in block accesses: 1 is an access right after the other. */
  readonly reuseGapAccesses: Distribution;
  /** Share of the requests that have a parent. */
  readonly continuing: number;
  /** Between a request and its parent, in seconds. */
  readonly turnGapSeconds: Distribution;
  /** Mean prompt length in tokens, 0 where unknown. */
  readonly inputTokens: number;
  /** Mean answer length in tokens, 0 where unknown. */
  readonly outputTokens: number;
}

/**
 * Describes a serving trace. O(n log n) in the number of block accesses, for the quantiles.
 *
 * @example
 * traceStatistics(readTrace('mooncake_conversation.jsonl.gz')).infiniteCacheHitRatio; // 0.3664
 */
export function traceStatistics(trace: ServingTrace): TraceStatistics {
  const requests = requestCount(trace);
  const { pages } = trace.blocks;
  const { counts, seconds, accesses } = reuses(trace);
  let distinct = 0;
  let once = 0;
  for (const count of counts) {
    if (count > 0) distinct++;
    if (count === 1) once++;
  }
  const lengths = Float64Array.from(
    { length: requests },
    (_, r) => trace.firstBlock[r + 1] - trace.firstBlock[r],
  );
  const turnGaps: number[] = [];
  for (let r = 0; r < requests; r++) {
    if (trace.parent[r] >= 0) turnGaps.push(trace.time[r] - trace.time[trace.parent[r]]);
  }
  return {
    requests,
    blockAccesses: pages.length,
    distinctBlocks: distinct,
    blocksPerRequest: distribution(lengths),
    accessedOnce: once / distinct,
    infiniteCacheHitRatio: 1 - distinct / pages.length,
    reuseGapSeconds: distribution(seconds),
    reuseGapAccesses: distribution(accesses),
    continuing: turnGaps.length / requests,
    turnGapSeconds: distribution(Float64Array.from(turnGaps)),
    inputTokens: mean(trace.inputTokens),
    outputTokens: mean(trace.outputTokens),
  };
}

/** How often each block is accessed, and how far apart every two accesses of the same block are. */
function reuses(trace: ServingTrace) {
  const { pages, pageCount } = trace.blocks;
  const counts = new Uint32Array(pageCount);
  const latestAccess = new Uint32Array(pageCount);
  const latestTime = new Float64Array(pageCount);
  const seconds = new Float64Array(pages.length);
  const accesses = new Float64Array(pages.length);
  let found = 0;
  for (let r = 0; r < requestCount(trace); r++) {
    for (let i = trace.firstBlock[r]; i < trace.firstBlock[r + 1]; i++) {
      const page = pages[i];
      if (counts[page]++ > 0) {
        seconds[found] = trace.time[r] - latestTime[page];
        accesses[found++] = i - latestAccess[page];
      }
      latestAccess[page] = i;
      latestTime[page] = trace.time[r];
    }
  }
  return { counts, seconds: seconds.subarray(0, found), accesses: accesses.subarray(0, found) };
}

/** The p-quantile is the smallest value with at least a share p of the values at or below it (the nearest rank). */
function distribution(values: Float64Array): Distribution {
  const sorted = values.slice().sort();
  const quantile = (p: number) => sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
  return {
    mean: mean(values),
    p5: quantile(0.05),
    p25: quantile(0.25),
    p50: quantile(0.5),
    p75: quantile(0.75),
    p95: quantile(0.95),
  };
}

function mean(values: Float64Array | Uint32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
