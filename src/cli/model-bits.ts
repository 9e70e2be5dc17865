import { blockFeatures, type FeatureMatrix, selectRows } from '../features/block-features.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { learnedDiscards } from '../predictors/learned-discards.ts';
import type { Model } from '../predictors/model.ts';
import { lateDiscards } from '../predictors/shadow-cache.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';
import { learnOn } from './learn.ts';

/** Accesses that bits are for, each with the access of the trace whose features it has. */
export interface WantedAccesses {
  readonly sequence: RequestSequence;
  readonly rows: Uint32Array;
}

/** For a capacity: for each access the page whose bit turns 1 just before it. */
export type BitsAt = (capacity: number) => Uint32Array;

/** What models say about the accesses of a trace, or about others that have their features. */
export class ModelBits {
  private readonly trace: ServingTrace;
  private readonly sequence: RequestSequence;
  private readonly rows: Uint32Array;
  private readonly time: Float64Array;
  private features: FeatureMatrix | undefined;

  /** @param accesses those of the trace if absent */
  constructor(trace: ServingTrace, accesses: WantedAccesses | undefined) {
    const time = accessTimes(trace);
    this.trace = trace;
    this.sequence = accesses?.sequence ?? trace.blocks;
    this.rows = accesses?.rows ?? Uint32Array.from(time.keys());
    this.time = Float64Array.from(this.rows, (row) => time[row]);
  }

  /** The bits of a model as it is. */
  still(model: Model): BitsAt {
    this.features ??= selectRows(blockFeatures(this.trace), this.rows);
    return learnedDiscards(model, this.features, this.sequence, this.time);
  }

  /**
   * The bits of a model that keeps learning. They turn also where training found that they do not pay: that may have changed.
   *
   * @param known requests at the start of the trace that it was trained on
   * @throws Failure for a model that cannot go on
   */
  async online(model: Model, known: number, seed: number): Promise<BitsAt> {
    const values = await learnOn(this.trace, model, known, seed);
    const { ages } = model.header;
    const spans = ages.length - 1;
    const selected = new Float32Array(this.rows.length * spans);
    this.rows.forEach((row, i) => {
      selected.set(values.subarray(row * spans, (row + 1) * spans), i * spans);
    });
    return (capacity) => lateDiscards(this.sequence, this.time, selected, ages, capacity);
  }
}
