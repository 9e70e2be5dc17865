/** One cell of a comparison: a policy on a cache size with one kind of predictions. Written as one line of JSON. */
export interface ResultRecord {
  /** Name of the trace. */
  readonly trace: string;
  readonly policy: string;
  /** Cache size in pages. */
  readonly capacity: number;
  /** What was predicted: `none`, `perfect`, `inverted`, `random`, `flip:0.1`, `bursts:0.1:100`, `noise:5`, `popularity`, `pleco`, `train`, `model:FILE`, `online` or `online:FILE`. */
  readonly predictions: string;
  readonly seed: number;
  /** Requests scored: those from `evaluatedFrom` on. */
  readonly requests: number;
  readonly faults: number;
  /** 1 − faults / requests */
  readonly hitRatio: number;
  /** Faults of Belady's rule on the same requests. */
  readonly optFaults: number;
  /** faults / optFaults */
  readonly faultRatio: number;
  /** (LRU's faults − faults) / (LRU's faults − optFaults); `null` where LRU is optimal. */
  readonly gapClosed: number | null;
  /**
   * Wrong 0s and wrong 1s among the scored requests, against the true labels; `null` without bits. A bit that turns counts
   * as what it was when its page was next requested.
   */
  readonly eta0: number | null;
  readonly eta1: number | null;
  /** Index of the first scored request; those before only warm the cache. */
  readonly evaluatedFrom: number;
}

/**
 * A finished cell as a result store knows it, with what is needed to run it again. A policy is written in its shortest form, without
 * parameters at their defaults, however it was asked for. Written as one line of JSON.
 */
export interface StoredRecord extends Omit<ResultRecord, 'seed' | 'optFaults' | 'faultRatio' | 'gapClosed'> {
  /** `null` where nothing is random. */
  readonly seed: number | null;
  /** `null` as long as Belady's rule has not been run on the same requests at this capacity; so are the next two. */
  readonly optFaults: number | null;
  readonly faultRatio: number | null;
  /** Also `null` where LRU is optimal, or has not been run. */
  readonly gapClosed: number | null;
  /** Of the trace's content: 16 hexadecimal digits. */
  readonly traceChecksum: string;
  /** Names the model behind the bits; `keep` if it lets none turn, `null` without one. */
  readonly model: string | null;
  /** Of the cell in the store: 32 hexadecimal digits. */
  readonly key: string;
  /** When the run began that computed it, ISO 8601 in UTC, by which version, and at which commit; empty if not known. */
  readonly started: string;
  readonly version: string;
  readonly commit: string | null;
  readonly machine: string;
}

/** A cell of a sweep that came to nothing. Written as one line of JSON. */
export interface FailedCell
  extends Pick<ResultRecord, 'trace' | 'policy' | 'capacity' | 'predictions' | 'seed'> {
  /** Why, in one line. */
  readonly failure: string;
}

/** One capacity of the miss-ratio curves of LRU and OPT. Written as one line of JSON. */
export interface CurveRecord {
  /** Name of the trace. */
  readonly trace: string;
  /** Cache size in pages. */
  readonly capacity: number;
  readonly requests: number;
  readonly lruFaults: number;
  /** Faults of Belady's rule. */
  readonly optFaults: number;
  /** 1 − lruFaults / requests */
  readonly lruHitRatio: number;
  /** 1 − optFaults / requests */
  readonly optHitRatio: number;
}

/** One capacity of LRU's miss-ratio curve, estimated from samples of the pages. Written as one line of JSON. */
export interface SampledCurveRecord {
  /** Name of the trace. */
  readonly trace: string;
  /** Cache size in pages. */
  readonly capacity: number;
  readonly requests: number;
  /** Estimated hits / requests. */
  readonly lruHitRatio: number;
  /** Of that estimate, from the spread of the samples. */
  readonly standardError: number;
  /** `null` where the trace is too large for the exact curve. */
  readonly exactHitRatio: number | null;
}

/** One run of a serving engine over a trace. Written as one line of JSON. */
export interface ReplayRecord {
  /** Name of the trace. */
  readonly trace: string;
  readonly policy: string;
  /** What was predicted: `none`, or a source as in a comparison. */
  readonly predictions: string;
  /** Cache size of each worker, in blocks. */
  readonly capacity: number;
  readonly blockTokens: number;
  readonly workers: number;
  readonly router: string;
  /** Whether clients waited for their answers. */
  readonly closedLoop: boolean;
  /** Geometry and device of the cost model. */
  readonly model: string;
  readonly device: string;
  readonly seed: number;
  /** The first request that is measured; those before only warm the caches. */
  readonly measuredFrom: number;
  /** Requests finished, and turned away because they can never fit. */
  readonly finished: number;
  readonly rejected: number;
  /** Share of the full blocks, and of the tokens, of all prompts that was on the device. */
  readonly blockHitRatio: number;
  readonly tokenHitRatio: number;
  /** The tiers below the device, fastest first. */
  readonly tiers: readonly TierRecord[];
  /** Share of the tokens of all prompts that was not computed: on the device or loaded from below. */
  readonly sparedTokenRatio: number;
  /**
   * Tokens of prompts computed though they had been before: their block had left or was on another worker, or
   * the request was preempted.
   */
  readonly recomputedTokens: number;
  /** Seconds spent on reading prompts, and saved against an engine without cache. */
  readonly prefillSeconds: number;
  readonly prefillSecondsSaved: number;
  /** Seconds from arrival to first token. */
  readonly firstTokenMean: number;
  readonly firstTokenP50: number;
  readonly firstTokenP90: number;
  readonly firstTokenP99: number;
  /** Target for it in seconds, and the share of requests that met it. */
  readonly target: number;
  readonly withinTarget: number;
  /** Tokens of answers a second, from the first arrival that is measured to the last token. */
  readonly tokensPerSecond: number;
  /** Blocks that left the device. */
  readonly evictions: number;
  readonly preemptions: number;
  /** To and from the tiers, and of preempted requests. */
  readonly bytesMoved: number;
  /** (LRU's blocks computed − these) / (LRU's − the offline optimum's); `null` where LRU is optimal. */
  readonly gapClosed: number | null;
}

/** What one tier below the device did in a replay. */
export interface TierRecord {
  readonly name: string;
  readonly policy: string;
  /** Blocks below each worker. */
  readonly capacity: number;
  /** Error that the codec leaves in a block, in the unit in which it was given. */
  readonly error: number;
  /** Share of the full blocks, and of the tokens, of all prompts that was loaded from it. */
  readonly blockHitRatio: number;
  readonly tokenHitRatio: number;
  /** As the codec stores them. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Blocks that left it for want of room. */
  readonly evictions: number;
}

/** One policy on one cache size over a trace that was read piece by piece. Written as one line of JSON. */
export interface StreamRecord {
  /** Name of the trace. */
  readonly trace: string;
  readonly policy: string;
  /** Cache size in pages. */
  readonly capacity: number;
  readonly seed: number;
  readonly requests: number;
  readonly faults: number;
  /** 1 − faults / requests */
  readonly hitRatio: number;
}

/** One policy on one cache size where pages differ in size or in what a fault costs. Written as one line of JSON. */
export interface WeightedRecord {
  /** Name of the trace. */
  readonly trace: string;
  readonly policy: string;
  /** Cache size in bytes, or in pages where these are of equal size. */
  readonly capacity: number;
  readonly unit: 'bytes' | 'pages';
  readonly seed: number;
  readonly requests: number;
  readonly faults: number;
  /** faults / requests, and what is left to 1 */
  readonly missRatio: number;
  readonly hitRatio: number;
  /** Sizes of the requested pages, and of those that faulted; `null` where pages are of equal size. */
  readonly requestedBytes: number | null;
  readonly missedBytes: number | null;
  /** missedBytes / requestedBytes, and what is left to 1 */
  readonly byteMissRatio: number | null;
  readonly byteHitRatio: number | null;
  /** What the faults cost together; `null` where the trace tells no costs. */
  readonly faultCost: number | null;
  /** Faults on pages larger than the cache, which are never held. */
  readonly bypasses: number;
  /**
   * Lower bounds on what any policy pays, online or offline, each by itself. The optimum is NP-hard to find; these are at
   * most as much, and often less.
   */
  readonly faultsBound: number;
  readonly missedBytesBound: number | null;
  readonly faultCostBound: number | null;
}

/** What a model is worth on requests that it was not trained on. */
export interface EvaluationRecord {
  readonly trace: string;
  /** The trace whose first part it was trained on. */
  readonly trainedOn: string;
  /** Index of the first block access that counts. */
  readonly evaluatedFrom: number;
  /** How many count. */
  readonly accesses: number;
  /** Of the predicted chances that a block returns in a span of its age, in nats; the lower the better. */
  readonly crossEntropy: number;
  /** Of the share of returns in each span, the same for all blocks. */
  readonly baseCrossEntropy: number;
  /** Predictions of about the same chance, from the lowest to the highest: what was predicted, and what came true. */
  readonly reliability: readonly {
    readonly predictions: number;
    readonly predicted: number;
    readonly observed: number;
  }[];
  /** By how much the cross-entropy grows when a feature is shuffled, the largest first. */
  readonly importance: readonly { readonly feature: string; readonly crossEntropy: number }[];
  /** Hit ratios at each capacity in blocks. */
  readonly capacities: readonly {
    readonly capacity: number;
    /** Whether the model saved faults on held-out requests of its training part; its bits are scored here either way. */
    readonly pays: boolean;
    readonly lru: number;
    readonly opt: number;
    /** Of `discard(lru)` and of `switch(discard(lru),lru)` with the bits. */
    readonly learned: number;
    readonly robust: number;
    /** Share of the 1 bits that the optimum agrees with, and share of its discards that have a 1 bit. */
    readonly precision: number;
    readonly recall: number;
    /** Hit ratio of `discard(lru)` where a bit turns as soon as a cache of a share of the capacity gives its block up. */
    readonly strictness: readonly { readonly share: number; readonly hitRatio: number }[];
  }[];
}
