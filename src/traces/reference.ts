import type { TraceStatistics } from './statistics.ts';

/**
 * The statistics of the Mooncake conversation trace (Kimi in production, one hour; Qin et al., FAST 2025), which the
 * generator's default parameters imitate. A test compares them with the trace itself.
 */
export const CONVERSATION_REFERENCE: TraceStatistics = {
  requests: 12_031,
  blockAccesses: 288_500,
  distinctBlocks: 182_790,
  blocksPerRequest: { mean: 23.98, p5: 2, p25: 5, p50: 14, p75: 31, p95: 78 },
  accessedOnce: 0.7585,
  infiniteCacheHitRatio: 0.3664,
  reuseGapSeconds: { mean: 212.91, p5: 0, p25: 54, p50: 114, p75: 267, p95: 627 },
  reuseGapAccesses: { mean: 17_337, p5: 12, p25: 4545, p50: 9275, p75: 21_803, p95: 51_068 },
  continuing: 0.3284,
  turnGapSeconds: { mean: 212.43, p5: 27, p25: 66, p50: 123, p75: 267, p95: 606 },
  inputTokens: 12_035,
  outputTokens: 343,
};
