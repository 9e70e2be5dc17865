/** What a replay counts. */
export class Measures {
  finished = 0;
  rejected = 0;
  preemptions = 0;
  /** Full blocks of prompts, and how many of them were resident at the first admission. */
  promptBlocks = 0;
  hitBlocks = 0;
  /** Blocks of prompts loaded from each tier below the device. */
  readonly tierBlocks: number[] = [];
  /** Tokens of prompts; how many of them were resident or loaded; tokens computed that had been computed for that request before. */
  promptTokens = 0;
  hitTokens = 0;
  recomputedTokens = 0;
  outputTokens = 0;
  prefillSeconds = 0;
  /** What reading the prompts would have taken without a cache. */
  coldSeconds = 0;
  bytesMoved = 0;
  /** End of the last request, seconds from the start. */
  end = 0;
  /** Seconds from arrival to the first token, of each request that got one. */
  readonly firstToken: number[] = [];

  /** Mean, 50th, 90th and 99th percentile of the time to first token, and the share within a target; 0 without any. */
  latency(target: number): { mean: number; p50: number; p90: number; p99: number; within: number } {
    const sorted = Float64Array.from(this.firstToken).sort();
    if (sorted.length === 0) return { mean: 0, p50: 0, p90: 0, p99: 0, within: 0 };
    const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    const mean = sorted.reduce((sum, seconds) => sum + seconds, 0) / sorted.length;
    const within = sorted.filter((seconds) => seconds <= target).length / sorted.length;
    return { mean, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), within };
  }
}
