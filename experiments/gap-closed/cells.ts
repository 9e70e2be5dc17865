import {
  accessTimes,
  type Bits,
  blockFeatures,
  findPolicy,
  learnedDiscards,
  type Model,
  type ServingTrace,
  simulate,
  splitRequests,
} from '../../src/index.ts';
import { type Mean, meanOf } from '../../src/report/summary.ts';
import { requestCount } from '../../src/traces/serving-trace.ts';
import { train } from '../../src/training/train.ts';

const TRAIN_FRACTION = 0.6;

/** Measures policies on the later part of one trace, which training never sees. */
export class Scoring {
  readonly trace: ServingTrace;
  readonly trainingRequests: number;
  private readonly from: number;
  private readonly to: number;
  private readonly known = new Map<string, number>();

  /**
   * @param fraction of the accesses that may be trained on
   * @param end requests from this one on are not scored
   */
  constructor(trace: ServingTrace, fraction = TRAIN_FRACTION, end = requestCount(trace)) {
    this.trace = trace;
    this.trainingRequests = splitRequests(trace, fraction);
    this.from = trace.firstBlock[this.trainingRequests];
    this.to = trace.firstBlock[end];
  }

  /** Faults on the scored part of a policy that needs no predictions. */
  faults(name: string, capacity: number): number {
    const key = `${name} ${capacity}`;
    const known = this.known.get(key) ?? this.run(name, capacity);
    this.known.set(key, known);
    return known;
  }

  /** Faults on the scored part with the bits of a model. */
  faultsWith(name: string, capacity: number, late: Uint32Array): number {
    return this.run(name, capacity, { predictions: new Uint8Array(this.to), late });
  }

  /** Faults on the scored part with bits that are given at the request and do not turn. */
  faultsWithBits(name: string, capacity: number, predictions: Bits): number {
    return this.run(name, capacity, { predictions });
  }

  hitRatio(faults: number): number {
    return 1 - faults / (this.to - this.from);
  }

  /** (LRU − faults) / (LRU − OPT) */
  gapClosed(faults: number, capacity: number): number {
    const lru = this.faults('lru', capacity);
    return (lru - faults) / (lru - this.faults('belady', capacity));
  }

  /** The smallest cache with which LRU has no more faults, by bisection; up to the number of distinct blocks. */
  equalLru(faults: number): number {
    let [tooSmall, enough] = [0, this.trace.blocks.pageCount];
    while (enough - tooSmall > 1) {
      const middle = (tooSmall + enough) >> 1;
      if (this.faults('lru', middle) > faults) tooSmall = middle;
      else enough = middle;
    }
    return enough;
  }

  /** A model with the shipped settings. */
  train(capacities: readonly number[], seed: number): Promise<Model> {
    return train(this.trace, {
      requests: this.trainingRequests,
      capacities,
      seed,
      faults: (capacity, from, to, bits) =>
        simulate({
          sequence: this.trace.blocks,
          policy: findPolicy('discard(lru)'),
          capacity,
          seed,
          from,
          to,
          predictions: new Uint8Array(to),
          ...bits,
        }),
    });
  }

  /** The bits of a model at any capacity. */
  bits(model: Model): (capacity: number) => Uint32Array {
    return learnedDiscards(model, blockFeatures(this.trace), this.trace.blocks, accessTimes(this.trace));
  }

  private run(name: string, capacity: number, given = {}): number {
    return simulate({
      sequence: this.trace.blocks,
      policy: findPolicy(name),
      capacity,
      seed: 1,
      from: this.from,
      to: this.to,
      ...given,
    });
  }
}

/** Median, mean and half the width of the 95% confidence interval of the mean. */
export function summary(values: readonly number[]): Mean & { median: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return { median: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2, ...meanOf(values) };
}
