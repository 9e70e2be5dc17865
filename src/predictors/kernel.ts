/**
 * Inference without TensorFlow.js: a model compiled into flat arrays and one loop. The 0/1 inputs of a feature are
 * cumulative, so all that they add to the first layer depends only on how many thresholds the value reaches: those sums
 * are tabulated. And most features are the same for all blocks of a request: only what differs from the row before is
 * added anew, in 64 bits, so that differences do not pile up.
 */
import { assert } from '../support/failure.ts';
import { type FeatureEncoding, signedLog } from './encoding.ts';
import type { DenseLayer, Model } from './model.ts';

/** The first layer of one feature: a row of sums for each number of thresholds reached, and the logarithm's weights. */
interface FeatureTable {
  readonly encoding: FeatureEncoding;
  readonly sums: Float64Array;
  readonly slope: Float64Array;
}

/** A further layer, its kernel in strips of `STRIP` outputs: strips × inputs × STRIP, and 0 beyond the last output. */
interface StripedLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

/** Outputs that are summed side by side; as many as the registers hold. */
const STRIP = 4;

/**
 * A compiled model. Agrees with TensorFlow.js to 1e-5.
 *
 * @example
 * const hazards = new Kernel(readModel('chat.onebit', FEATURE_NAMES)).hazards(blockFeatures(trace).values);
 */
export class Kernel {
  private readonly tables: readonly FeatureTable[];
  private readonly bias: Float32Array;
  private readonly rest: readonly StripedLayer[];
  /** Of each layer, as many as its strips need. */
  private readonly activations: readonly Float64Array[];
  /** Inputs of a layer that are above 0. */
  private readonly active: Int32Array;
  /** What the latest row added to the first layer, per feature. */
  private readonly value: Float64Array;
  private readonly reached: Int32Array;
  private readonly scaled: Float64Array;
  private readonly first: Float64Array;
  private readonly spans: number;

  constructor(model: Model) {
    const { layers } = model.header;
    this.tables = tabulate(model);
    this.bias = model.layers[0].bias;
    this.rest = model.layers.slice(1).map((layer, i) => stripe(layer, layers[i], layers[i + 1]));
    this.activations = layers.map((outputs) => new Float64Array(Math.ceil(outputs / STRIP) * STRIP));
    this.active = new Int32Array(Math.max(...layers));
    this.value = new Float64Array(this.tables.length);
    this.reached = new Int32Array(this.tables.length);
    this.scaled = new Float64Array(this.tables.length);
    this.first = new Float64Array(layers[0]);
    this.spans = layers[layers.length - 1];
  }

  /**
   * The predicted chances that the block of each row is requested in each span of its age, given that it was not before.
   * O(rows × weights beyond the first layer), and for each value that differs from the row before O(outputs of the first).
   *
   * @param values rows of feature values, row-major, as many columns as the model has features
   * @returns rows × spans, row-major
   */
  hazards(values: Float32Array): Float32Array {
    const columns = this.tables.length;
    const { spans, activations, rest, first } = this;
    assert(values.length % columns === 0, 'feature rows have another width than the model');
    const result = new Float32Array((values.length / columns) * spans);
    this.begin();
    const logits = activations[rest.length];
    for (let row = 0, at = 0; at < result.length; row += columns, at += spans) {
      this.firstLayer(values, row);
      for (let j = 0; j < first.length; j++) activations[0][j] = first[j];
      for (let i = 0; i < rest.length; i++) dense(rest[i], activations[i], activations[i + 1], this.active);
      for (let span = 0; span < spans; span++) result[at + span] = 1 / (1 + Math.exp(-logits[span]));
    }
    return result;
  }

  /** Before the first row: nothing was added yet, and no value equals the one before. */
  private begin(): void {
    this.first.set(this.bias);
    this.value.fill(Number.NaN);
    this.reached.fill(0);
    this.scaled.fill(0);
  }

  private firstLayer(values: Float32Array, row: number): void {
    const { tables, value, reached, scaled, first } = this;
    const outputs = first.length;
    for (let column = 0; column < tables.length; column++) {
      const x = values[row + column];
      if (x === value[column]) continue;
      const { encoding, sums, slope } = tables[column];
      const { thresholds } = encoding;
      value[column] = x;
      let count = 0;
      while (count < thresholds.length && x >= thresholds[count]) count++;
      const position = (signedLog(x) - encoding.mean) / encoding.deviation;
      const step = position - scaled[column];
      scaled[column] = position;
      for (let j = 0; j < outputs; j++) first[j] += slope[j] * step;
      if (count === reached[column]) continue;
      const [from, to] = [reached[column] * outputs, count * outputs];
      for (let j = 0; j < outputs; j++) first[j] += sums[to + j] - sums[from + j];
      reached[column] = count;
    }
  }
}

/** One further layer; its inputs are rectified here, so that the last layer's output is left as it is. */
function dense(layer: StripedLayer, inputs: Float64Array, outputs: Float64Array, active: Int32Array): void {
  const { kernel, bias } = layer;
  let count = 0;
  for (let i = 0; i < layer.inputs; i++) if (inputs[i] > 0) active[count++] = i;
  for (let from = 0, base = 0; from < layer.outputs; from += STRIP, base += layer.inputs * STRIP) {
    let a = bias[from];
    let b = bias[from + 1];
    let c = bias[from + 2];
    let d = bias[from + 3];
    for (let n = 0; n < count; n++) {
      const x = inputs[active[n]];
      const at = base + active[n] * STRIP;
      a += kernel[at] * x;
      b += kernel[at + 1] * x;
      c += kernel[at + 2] * x;
      d += kernel[at + 3] * x;
    }
    outputs[from] = a;
    outputs[from + 1] = b;
    outputs[from + 2] = c;
    outputs[from + 3] = d;
  }
}

function stripe({ kernel, bias }: DenseLayer, inputs: number, outputs: number): StripedLayer {
  const strips = Math.ceil(outputs / STRIP);
  const striped = new Float64Array(strips * inputs * STRIP);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      striped[(Math.floor(j / STRIP) * inputs + i) * STRIP + (j % STRIP)] = kernel[i * outputs + j];
    }
  }
  const padded = new Float64Array(strips * STRIP);
  padded.set(bias);
  return { inputs, outputs, kernel: striped, bias: padded };
}

function tabulate({ header, layers }: Model): FeatureTable[] {
  const outputs = header.layers[0];
  const { kernel } = layers[0];
  let input = 0;
  return header.features.map((encoding) => {
    const sums = new Float64Array((encoding.thresholds.length + 1) * outputs);
    for (let reached = 1; reached <= encoding.thresholds.length; reached++, input++) {
      for (let j = 0; j < outputs; j++) {
        sums[reached * outputs + j] = sums[(reached - 1) * outputs + j] + kernel[input * outputs + j];
      }
    }
    const slope = Float64Array.from(kernel.subarray(input * outputs, ++input * outputs));
    return { encoding, sums, slope };
  });
}
