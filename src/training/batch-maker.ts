import * as tf from '@tensorflow/tfjs-core';
import type { FeatureMatrix } from '../features/block-features.ts';
import { type TrainingRows, UNKNOWN } from '../features/training-rows.ts';
import { encodedWidth, encodeRow, type FeatureEncoding } from '../predictors/encoding.ts';
import type { SeededRandom } from '../support/random.ts';

/** Draws shuffled batches without end, encoding rows as they are needed: all at once would not fit in memory. */
export class BatchMaker {
  private readonly matrix: FeatureMatrix;
  private readonly features: readonly FeatureEncoding[];
  private readonly outcomes: Int8Array;
  private readonly spans: number;
  private readonly weights: Float32Array;
  private readonly rows: Uint32Array;
  private readonly size: number;
  private readonly random: SeededRandom;
  private drawn = 0;

  /**
   * @param matrix features, at least of the rows that have outcomes
   * @param size rows in a batch, at most; fewer where there are fewer
   */
  constructor(
    matrix: FeatureMatrix,
    features: readonly FeatureEncoding[],
    { ages, outcomes, weights }: TrainingRows,
    random: SeededRandom,
    size: number,
  ) {
    this.matrix = matrix;
    this.features = features;
    this.outcomes = outcomes;
    this.spans = ages.length - 1;
    this.weights = weights;
    this.rows = Uint32Array.from({ length: outcomes.length / this.spans }, (_, row) => row);
    this.size = Math.min(size, this.rows.length);
    this.random = random;
  }

  /** Inputs, and for each row and span the weight of its outcome: negative where it is 0, 0 where it is unknown. */
  next(): { inputs: tf.Tensor2D; targets: tf.Tensor2D } {
    const { size, spans } = this;
    const width = encodedWidth(this.features);
    const inputs = new Float32Array(size * width);
    const targets = new Float32Array(size * spans);
    for (let i = 0; i < size; i++) {
      const row = this.draw();
      encodeRow(this.features, this.matrix.values, row * this.features.length, inputs, i * width);
      for (let span = 0; span < spans; span++) {
        const outcome = this.outcomes[row * spans + span];
        if (outcome !== UNKNOWN) targets[i * spans + span] = (2 * outcome - 1) * this.weights[row];
      }
    }
    return { inputs: tf.tensor2d(inputs, [size, width]), targets: tf.tensor2d(targets, [size, spans]) };
  }

  /** The next row of a shuffle in progress (Fisher and Yates), which starts anew when all rows were drawn. */
  private draw(): number {
    const left = this.rows.length - this.drawn;
    const at = this.drawn + this.random.below(left);
    const row = this.rows[at];
    this.rows[at] = this.rows[this.drawn];
    this.rows[this.drawn] = row;
    this.drawn = left === 1 ? 0 : this.drawn + 1;
    return row;
  }
}
