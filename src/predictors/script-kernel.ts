import { assert } from '../support/failure.ts';
import { type FeatureEncoding, signedLog } from './encoding.ts';
import { type FeatureTables, featureTables, roundUp, strips } from './layout.ts';
import type { Model } from './model.ts';

/** Rows and outputs that are summed side by side: as many as the registers hold, so that a weight is loaded once for four rows. */
const [TILE, STRIP] = [4, 2];

/** A further layer. */
interface StripedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
  /** Least value of an output. */
  readonly floor: number;
}

/** The kernel in TypeScript, in 64 bits (see kernel.ts). */
export class ScriptKernel {
  private readonly encodings: readonly FeatureEncoding[];
  private readonly tables: FeatureTables;
  private readonly rest: readonly StripedLayer[];
  private readonly spans: number;
  /** Of the first layer, as many as its strips need; and the least value of one. */
  private readonly outputs: number;
  private readonly floor: number;
  /** Of the latest row, by feature: where its row of sums begins, and its standardised logarithm. */
  private readonly reached: Int32Array;
  private readonly position: Float64Array;
  /** For each feature a row of what it and those behind it add to the bias, which is the last row. */
  private readonly partial: Float64Array;
  /** Of each layer, a tile of rows. */
  private readonly activations: readonly Float64Array[];

  constructor(model: Model) {
    const { features, layers } = model.header;
    const outputs = layers.map((count) => roundUp(count, STRIP));
    this.encodings = features;
    this.tables = featureTables(model, outputs[0]);
    this.spans = layers[layers.length - 1];
    this.outputs = outputs[0];
    this.floor = layers.length > 1 ? 0 : Number.NEGATIVE_INFINITY;
    this.reached = new Int32Array(features.length);
    this.position = new Float64Array(features.length);
    this.partial = new Float64Array((features.length + 1) * outputs[0]);
    this.partial.set(model.layers[0].bias, features.length * outputs[0]);
    this.activations = outputs.map((count) => new Float64Array(TILE * count));
    this.rest = model.layers.slice(1).map((layer, i) => {
      const bias = new Float64Array(outputs[i + 1]);
      bias.set(layer.bias);
      const floor = i + 2 === layers.length ? Number.NEGATIVE_INFINITY : 0;
      const kernel = strips(layer, outputs[i], STRIP);
      return { inputs: outputs[i], outputs: outputs[i + 1], kernel, bias, floor };
    });
  }

  hazards(values: Float32Array): Float32Array {
    const { spans, rest, activations } = this;
    const columns = this.encodings.length;
    assert(values.length % columns === 0, 'feature rows have another width than the model');
    const rows = values.length / columns;
    const result = new Float32Array(rows * spans);
    const logits = activations[rest.length];
    const stride = logits.length / TILE;
    for (let row = 0; row < rows; row += TILE) {
      const count = Math.min(TILE, rows - row);
      for (let i = 0; i < count; i++) this.firstLayer(values, (row + i) * columns, i);
      for (let i = 0; i < rest.length; i++) dense(rest[i], activations[i], activations[i + 1]);
      for (let i = 0, at = row * spans; i < count; i++) {
        for (let j = i * stride; j < i * stride + spans; j++) result[at++] = 1 / (1 + Math.exp(-logits[j]));
      }
    }
    return result;
  }

  /** @param row of the tile */
  private firstLayer(values: Float32Array, at: number, row: number): void {
    const { encodings, tables, reached, position } = this;
    const columns = encodings.length;
    let last = columns - 1;
    if (at > 0) while (last >= 0 && values[at + last] === values[at + last - columns]) last--;
    for (let column = 0; column <= last; column++) {
      const x = values[at + column];
      if (at > 0 && x === values[at + column - columns]) continue;
      const { thresholds, mean, deviation } = encodings[column];
      let count = 0;
      while (count < thresholds.length && x >= thresholds[count]) count++;
      reached[column] = tables.begins[column] + count * this.outputs;
      position[column] = (signedLog(x) - mean) / deviation;
    }
    this.sum(last, row);
  }

  /** Adds up anew what the features up to the column `last` add. */
  private sum(last: number, row: number): void {
    const { reached, position, partial, outputs, floor } = this;
    const { sums, slopes } = this.tables;
    const to = this.activations[0];
    for (let strip = 0; strip < outputs; strip += STRIP) {
      let at = (last + 1) * outputs + strip;
      let left = partial[at];
      let right = partial[at + 1];
      for (let column = last; column >= 0; column--) {
        const from = reached[column] + strip;
        const x = position[column];
        at -= outputs;
        left += sums[from] + slopes[at] * x;
        right += sums[from + 1] + slopes[at + 1] * x;
        partial[at] = left;
        partial[at + 1] = right;
      }
      to[row * outputs + strip] = Math.max(floor, left);
      to[row * outputs + strip + 1] = Math.max(floor, right);
    }
  }
}

/** One further layer, of a tile of rows. */
function dense(layer: StripedLayer, from: Float64Array, to: Float64Array): void {
  const { inputs, outputs, kernel, bias, floor } = layer;
  for (let strip = 0, at = 0; strip < outputs; strip += STRIP) {
    let a0 = bias[strip];
    let a1 = bias[strip + 1];
    let b0 = a0;
    let b1 = a1;
    let c0 = a0;
    let c1 = a1;
    let d0 = a0;
    let d1 = a1;
    for (let i = 0; i < inputs; i++, at += STRIP) {
      const left = kernel[at];
      const right = kernel[at + 1];
      const a = from[i];
      const b = from[inputs + i];
      const c = from[2 * inputs + i];
      const d = from[3 * inputs + i];
      a0 += a * left;
      a1 += a * right;
      b0 += b * left;
      b1 += b * right;
      c0 += c * left;
      c1 += c * right;
      d0 += d * left;
      d1 += d * right;
    }
    to[strip] = Math.max(floor, a0);
    to[strip + 1] = Math.max(floor, a1);
    to[outputs + strip] = Math.max(floor, b0);
    to[outputs + strip + 1] = Math.max(floor, b1);
    to[2 * outputs + strip] = Math.max(floor, c0);
    to[2 * outputs + strip + 1] = Math.max(floor, c1);
    to[3 * outputs + strip] = Math.max(floor, d0);
    to[3 * outputs + strip + 1] = Math.max(floor, d1);
  }
}
