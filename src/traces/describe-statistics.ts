import type { Distribution, TraceStatistics } from './statistics.ts';

/**
 * Statistics as rows of text, each a label and a value with its unit, in the order in which they are best read.
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
    ['hit ratio of an infinite cache', share(statistics.infiniteCacheHitRatio)],
    ...rows('blocks per request', '', statistics.blocksPerRequest),
    ...rows('reuse gap', ' s', statistics.reuseGapSeconds),
    ...rows('reuse gap', ' accesses', statistics.reuseGapAccesses),
    ['requests that continue a conversation', share(statistics.continuing)],
    ...rows('gap between turns', ' s', statistics.turnGapSeconds),
    ['prompt, mean', `${count(statistics.inputTokens)} tokens`],
    ['answer, mean', `${count(statistics.outputTokens)} tokens`],
  ];
}

function rows(label: string, unit: string, distribution: Distribution): [string, string][] {
  const { mean, p5, p25, p50, p75, p95 } = distribution;
  const quantiles = [p5, p25, p50, p75, p95].map(count).join(' / ');
  return [
    [`${label}, mean`, `${count(mean)}${unit}`],
    ['  5 / 25 / 50 / 75 / 95%', `${quantiles}${unit}`],
  ];
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
