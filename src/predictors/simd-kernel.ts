import { assert } from '../support/failure.ts';
import { featureTables, roundUp, strips } from './layout.ts';
import type { Model } from './model.ts';
import module from './simd-module.ts';

/** What is used of WebAssembly: the types of Node 20 leave it out, and those of browsers would declare much that Node lacks. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** What `simd/network.ts` exports. A number is an address in its memory, or a number of bytes, unless it is named otherwise. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): number;
  begin(features: number, outputs: number, bias: number): void;
  feature(
    index: number,
    thresholds: number,
    thresholdsEnd: number,
    sums: number,
    slope: number,
    mean: number,
    deviation: number,
  ): void;
  first(values: number, rowCount: number, outputs: number, floor: number): void;
  dense(
    inputs: number,
    width: number,
    kernel: number,
    bias: number,
    outputs: number,
    stride: number,
    floor: number,
    rowCount: number,
  ): void;
  sigmoids(logits: number, end: number): void;
  compact(outputs: number, stride: number, width: number, rowCount: number): void;
}

/** Rows that are worked on together, a multiple of four: what one layer hands to the next stays in the nearest cache. */
const CHUNK = 128;
/** Outputs that are summed side by side: in the first layer, and in the others. */
const [FIRST_STRIP, STRIP] = [16, 8];

/** Addresses of a further layer, and the bytes of a row of its outputs. */
interface Layer {
  readonly kernel: number;
  readonly bias: number;
  readonly outputs: number;
  readonly stride: number;
  readonly floor: number;
}

/** Undefined where WebAssembly or its vectors are missing or forbidden. */
const compiled = compile();

function compile(): object | undefined {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(module), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** The kernel in WebAssembly, in 32 bits (see kernel.ts). Each has a memory of its own, which does not grow. */
export class SimdKernel {
  static readonly isSupported = compiled !== undefined;

  private readonly wasm: Exports;
  private readonly columns: number;
  private readonly spans: number;
  private readonly values: number;
  private readonly first: number;
  private readonly firstStride: number;
  private readonly firstFloor: number;
  private readonly rest: readonly Layer[];

  constructor(model: Model) {
    const { features, layers } = model.header;
    this.wasm = new WebAssembly.Instance(compiled as object).exports as Exports;
    this.columns = features.length;
    this.spans = layers[layers.length - 1];
    const stride = roundUp(layers[0], FIRST_STRIP);
    this.firstStride = 4 * stride;
    this.firstFloor = layers.length === 1 ? Number.NEGATIVE_INFINITY : 0;
    this.placeFeatures(model, stride);
    this.values = this.place([], CHUNK * this.columns);
    this.first = this.place([], CHUNK * stride);
    let inputs = stride;
    this.rest = model.layers.slice(1).map((layer, i) => {
      const outputs = roundUp(layers[i + 1], STRIP);
      const kernel = strips(layer, inputs, STRIP);
      inputs = outputs;
      return {
        kernel: this.place(kernel),
        bias: this.place(layer.bias, outputs),
        outputs: this.place([], CHUNK * outputs),
        stride: 4 * outputs,
        floor: i + 2 === layers.length ? Number.NEGATIVE_INFINITY : 0,
      };
    });
  }

  hazards(values: Float32Array): Float32Array {
    const { wasm, columns, spans } = this;
    const input = new Float32Array(wasm.memory.buffer, this.values, CHUNK * columns);
    const last = this.rest.at(-1)?.outputs ?? this.first;
    const output = new Float32Array(wasm.memory.buffer, last, CHUNK * spans);
    assert(values.length % columns === 0, 'feature rows have another width than the model');
    const rows = values.length / columns;
    const result = new Float32Array(rows * spans);
    for (let row = 0; row < rows; row += CHUNK) {
      const count = Math.min(CHUNK, rows - row);
      input.set(values.subarray(row * columns, (row + count) * columns));
      this.evaluate(count);
      result.set(output.subarray(0, count * spans), row * spans);
    }
    return result;
  }

  /** Turns the rows of features in the module's memory into rows of hazards. */
  private evaluate(rows: number): void {
    const { wasm } = this;
    wasm.first(this.values, rows, this.first, this.firstFloor);
    let [inputs, width] = [this.first, this.firstStride];
    for (const { kernel, bias, outputs, stride, floor } of this.rest) {
      wasm.dense(inputs, width, kernel, bias, outputs, stride, floor, rows);
      [inputs, width] = [outputs, stride];
    }
    wasm.sigmoids(inputs, inputs + rows * width);
    wasm.compact(inputs, width, 4 * this.spans, rows);
  }

  private placeFeatures(model: Model, stride: number): void {
    const { features } = model.header;
    const { sums, begins, slopes } = featureTables(model, stride);
    const [sumsAt, slopesAt] = [this.place(sums), this.place(slopes)];
    this.wasm.begin(features.length, 4 * stride, this.place(model.layers[0].bias, stride));
    for (const [i, { thresholds, mean, deviation }] of features.entries()) {
      const padded = new Float32Array(roundUp(thresholds.length, 4)).fill(Number.NaN);
      padded.set(thresholds.map(ceiling));
      const from = this.place(padded);
      const end = from + padded.byteLength;
      this.wasm.feature(i, from, end, sumsAt + 4 * begins[i], slopesAt + 4 * i * stride, mean, deviation);
    }
  }

  /** Puts numbers into the module's memory. */
  private place(numbers: ArrayLike<number>, length: number = numbers.length): number {
    const at = this.wasm.allocate(4 * length);
    new Float32Array(this.wasm.memory.buffer, at, length).set(numbers);
    return at;
  }
}

/** The least 32-bit number that is not below x: a 32-bit number reaches the one if and only if it reaches the other. */
function ceiling(x: number): number {
  const nearest = Float32Array.of(x);
  if (nearest[0] >= x) return nearest[0];
  const bits = new Int32Array(nearest.buffer);
  if (nearest[0] === 0) bits[0] = 1;
  else bits[0] += Math.sign(nearest[0]);
  return nearest[0];
}
