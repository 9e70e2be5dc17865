import type { Distribution, TraceStatistics } from './statistics.ts';

/**
 * Statistics as rows of text, each a label and a value, in the order in which they are best read.
 *
 * @example
 * describeStatistics(traceStatistics(trace))[0]; // ['requests', '12,031']
 */
export function describeStatistics(statistics: TraceStatistics): readonly (readonly [string, string])[] {
  return [
    ['requests', count(statistics.requests)],
    ['block accesses', count(statistics.blockAccesses)],
    ['distinct blocks', count(statistics.distinctBlocks)],
    ['  accessed once', share(statistics.accessedOnce)],
    ['infinite-cache hit ratio', share(statistics.infiniteCacheHitRatio)],
    ...rows('blocks per request', statistics.blocksPerRequest),
    ...rows('reuse gap in seconds', statistics.reuseGapSeconds),
    ...rows('reuse gap in accesses', statistics.reuseGapAccesses),
    ['continuing requests', share(statistics.continuing)],
    ...rows('turn gap in seconds', statistics.turnGapSeconds),
    ['prompt tokens, mean', count(statistics.inputTokens)],
    ['answer tokens, mean', count(statistics.outputTokens)],
  ];
}

function rows(label: string, { mean, p5, p25, p50, p75, p95 }: Distribution): [string, string][] {
  return [
    [`${label}, mean`, count(mean)],
    ['  5 / 25 / 50 / 75 / 95%', [p5, p25, p50, p75, p95].map(count).join(' / ')],
  ];
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
