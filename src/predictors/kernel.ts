/**
 * Inference without TensorFlow.js: a model compiled into flat arrays and one loop. The 0/1 inputs of a feature are
 * cumulative, so all that they add to the first layer depends only on how many thresholds the value reaches: those sums
 * are tabulated, and the first layer costs two vector additions a feature instead of one per input.
 */
import { assert } from '../support/failure.ts';
import { type FeatureEncoding, signedLog } from './encoding.ts';
import type { DenseLayer, Model } from './model.ts';

/** The first layer of one feature: a row of sums for each number of thresholds reached, and the logarithm's weights. */
interface FeatureTable {
  readonly encoding: FeatureEncoding;
  readonly sums: Float32Array;
  readonly slope: Float32Array;
}

/**
 * A compiled model. Agrees with TensorFlow.js to 1e-5.
 *
 * @example
 * const hazards = new Kernel(readModel('chat.onebit', FEATURE_NAMES)).hazards(blockFeatures(trace).values);
 */
export class Kernel {
  private readonly model: Model;
  private readonly tables: readonly FeatureTable[];
  private readonly rest: readonly DenseLayer[];
  private readonly activations: readonly Float32Array[];

  constructor(model: Model) {
    this.model = model;
    this.tables = tabulate(model);
    this.rest = model.layers.slice(1);
    this.activations = model.header.layers.map((outputs) => new Float32Array(outputs));
  }

  /**
   * The predicted chances that the block of each row is requested in each span of its age, given that it was not before.
   * O(rows × weights beyond the first layer).
   *
   * @param values rows of feature values, row-major, as many columns as the model has features
   * @param shared the columns from this one on are the same in all rows, and are computed once
   * @returns rows × spans, row-major
   */
  hazards(values: Float32Array, shared = this.tables.length): Float32Array {
    const columns = this.tables.length;
    assert(values.length % columns === 0, 'feature rows have another width than the model');
    const logits = this.activations[this.rest.length];
    const spans = logits.length;
    const result = new Float32Array((values.length / columns) * spans);
    const common = Float32Array.from(this.model.layers[0].bias);
    if (values.length > 0) this.addColumns(common, values, 0, shared, columns);
    for (let row = 0, at = 0; at < result.length; row += columns, at += spans) {
      this.activations[0].set(common);
      this.addColumns(this.activations[0], values, row, 0, shared);
      for (let i = 0; i < this.rest.length; i++)
        dense(this.rest[i], this.activations[i], this.activations[i + 1]);
      for (let span = 0; span < spans; span++) result[at + span] = 1 / (1 + Math.exp(-logits[span]));
    }
    return result;
  }

  /** What some columns of a row add to the first layer. */
  private addColumns(
    outputs: Float32Array,
    values: Float32Array,
    row: number,
    first: number,
    end: number,
  ): void {
    for (let column = first; column < end; column++) {
      const { encoding, sums, slope } = this.tables[column];
      const x = values[row + column];
      let reached = 0;
      while (reached < encoding.thresholds.length && x >= encoding.thresholds[reached]) reached++;
      const scaled = (signedLog(x) - encoding.mean) / encoding.deviation;
      const from = reached * outputs.length;
      for (let j = 0; j < outputs.length; j++) outputs[j] += sums[from + j] + slope[j] * scaled;
    }
  }
}

/** One further layer; its inputs are rectified here, so that the last layer's output is left as it is. */
function dense({ kernel, bias }: DenseLayer, inputs: Float32Array, outputs: Float32Array): void {
  outputs.set(bias);
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i];
    if (x <= 0) continue;
    const from = i * outputs.length;
    for (let j = 0; j < outputs.length; j++) outputs[j] += kernel[from + j] * x;
  }
}

function tabulate({ header, layers }: Model): FeatureTable[] {
  const outputs = header.layers[0];
  const { kernel } = layers[0];
  let input = 0;
  return header.features.map((encoding) => {
    const sums = new Float32Array((encoding.thresholds.length + 1) * outputs);
    for (let reached = 1; reached <= encoding.thresholds.length; reached++, input++) {
      for (let j = 0; j < outputs; j++) {
        sums[reached * outputs + j] = sums[(reached - 1) * outputs + j] + kernel[input * outputs + j];
      }
    }
    const slope = kernel.subarray(input * outputs, ++input * outputs);
    return { encoding, sums, slope };
  });
}
