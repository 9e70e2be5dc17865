/** What a replay counts of one tier below the device. */
export class TierMeasures {
  /** Full blocks and tokens of prompts that were loaded from it at the first admission. */
  blocks = 0;
  tokens = 0;
  /** What was read from it and written to it, as the codec stores it. */
  bytesRead = 0;
  bytesWritten = 0;
  /** Blocks that left it for want of room. */
  evictions = 0;
}

/** What a replay counts, from the first measured request on. */
export class Measures {
  finished = 0;
  rejected = 0;
  preemptions = 0;
  /** Blocks that left the device. */
  evictions = 0;
  /** Full blocks of prompts, and how many of them were on the device at the first admission. */
  promptBlocks = 0;
  hitBlocks = 0;
  readonly tiers: readonly TierMeasures[];
  /** Tokens of prompts; how many of them were on the device; how many were there or loaded. */
  promptTokens = 0;
  hitTokens = 0;
  sparedTokens = 0;
  /** Tokens computed that had been computed before: their block had left or was on another worker, or a request was preempted. */
  recomputedTokens = 0;
  outputTokens = 0;
  prefillSeconds = 0;
  /** What reading the prompts would have taken without a cache. */
  coldSeconds = 0;
  /** Bytes of preempted requests that were moved to the host and back. */
  bytesSwapped = 0;
  /** First arrival and end of the last request, seconds on the clock of the trace. */
  start = 0;
  end = 0;
  /** Seconds from arrival to the first token, of each request that got one. */
  readonly firstToken: number[] = [];

  /** @param tiers below the device */
  constructor(tiers: number) {
    this.tiers = Array.from({ length: tiers }, () => new TierMeasures());
  }

  get bytesMoved(): number {
    return this.tiers.reduce((sum, tier) => sum + tier.bytesRead + tier.bytesWritten, this.bytesSwapped);
  }

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
