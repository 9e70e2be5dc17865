/** How the kernels lay out a network's weights. */
import type { DenseLayer, Model } from './model.ts';

/** The first layer, feature by feature, in rows of outputs that are `stride` long and end in zeros. */
export interface FeatureTables {
  /** For each feature, and each number of its thresholds reached, what they add: the 0/1 inputs are cumulative. */
  readonly sums: Float64Array;
  /** Where the sums of each feature begin. */
  readonly begins: Int32Array;
  /** For each feature what the outputs gain with its standardised logarithm. */
  readonly slopes: Float64Array;
}

/** O(weights). */
export function featureTables({ header, layers }: Model, stride: number): FeatureTables {
  const { features } = header;
  const outputs = header.layers[0];
  const { kernel } = layers[0];
  const sums = new Float64Array(
    features.reduce((rows, { thresholds }) => rows + thresholds.length + 1, 0) * stride,
  );
  const slopes = new Float64Array(features.length * stride);
  const begins = new Int32Array(features.length);
  let [at, input] = [0, 0];
  const next = () => kernel.subarray(input * outputs, ++input * outputs);
  for (const [feature, { thresholds }] of features.entries()) {
    begins[feature] = at;
    for (const _ of thresholds) {
      at += stride;
      for (const [j, weight] of next().entries()) sums[at + j] = sums[at - stride + j] + weight;
    }
    at += stride;
    slopes.set(next(), feature * stride);
  }
  return { sums, begins, slopes };
}

/**
 * A layer's kernel in strips of outputs that are summed side by side: strips × inputs × strip, and zeros beyond the last input
 * and output. O(weights).
 *
 * @param inputs as many as rows of them are long
 * @param strip outputs of a strip
 */
export function strips({ kernel, bias }: DenseLayer, inputs: number, strip: number): Float64Array {
  const outputs = bias.length;
  const striped = new Float64Array(roundUp(outputs, strip) * inputs);
  for (const [at, weight] of kernel.entries()) {
    const [i, j] = [Math.floor(at / outputs), at % outputs];
    striped[(Math.floor(j / strip) * inputs + i) * strip + (j % strip)] = weight;
  }
  return striped;
}

/** The least multiple of `unit` that is not below `count`. */
export function roundUp(count: number, unit: number): number {
  return Math.ceil(count / unit) * unit;
}
