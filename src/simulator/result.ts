/** One cell of a comparison: a policy on a cache size with one kind of predictions. Written as one line of JSON. */
export interface ResultRecord {
  /** Name of the trace. */
  readonly trace: string;
  readonly policy: string;
  /** Cache size in pages. */
  readonly capacity: number;
  /** What was predicted: `none`, `perfect`, `inverted`, `random`, `flip:0.1`, `noise:5`, `popularity`, `pleco`, `train` or `model:FILE`. */
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
  /** Wrong 0s and wrong 1s among the scored requests, against the true labels; `null` without bits. */
  readonly eta0: number | null;
  readonly eta1: number | null;
  /** Index of the first scored request; those before only warm the cache. */
  readonly evaluatedFrom: number;
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
