/**
 * The model file: validated data, never code. One line of JSON, a newline, then the weights of all layers as
 * little-endian 32-bit floats, for each layer its kernel (inputs × outputs, row-major) and its bias.
 */
import { readFileSync } from 'node:fs';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { encodedWidth, type FeatureEncoding } from './encoding.ts';

export const MODEL_SCHEMA = 'onebit-model/3';

/** What bits were worth at one cache size, by the faults of `discard(lru)` on held-out requests of the training part. */
export interface Judgement {
  /** In blocks. */
  readonly capacity: number;
  /** Whether bits that turn later saved faults. */
  readonly pays: boolean;
  /**
   * For bits that are given at the request and for good, a cut point or one bit a request: the least chance to come back in
   * time with which a block is kept, `null` where no threshold saved faults.
   */
  readonly cutPoints: number | null;
  readonly oneBit: number | null;
}

/** Everything about a model but its weights. */
export interface ModelHeader {
  readonly schema: typeof MODEL_SCHEMA;
  /** Bounds of the spans of a block's age in seconds, ascending from 0; one output of the model for each span. */
  readonly ages: readonly number[];
  readonly judged: readonly Judgement[];
  /** One per feature, in the order of the feature matrix. */
  readonly features: readonly FeatureEncoding[];
  /** Outputs of each dense layer; all but the last, which has one for each span, are followed by max(0, x). */
  readonly layers: readonly number[];
  /** What it was trained on: never score it on these requests. */
  readonly trainedOn: { readonly trace: string; readonly checksum: string; readonly requests: number };
  readonly seed: number;
  /** The TensorFlow.js backend that trained it. */
  readonly backend: string;
}

/** A dense layer: outputs = kernelᵀ · inputs + bias. */
export interface DenseLayer {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

export interface Model {
  readonly header: ModelHeader;
  readonly layers: readonly DenseLayer[];
}

/** Writes a model file whole or not at all. */
export function writeModel(path: string, model: Model): void {
  const arrays = model.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const bytes = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  writeFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(model.header)}\n`), ...bytes]));
}

/**
 * Reads and checks a model file.
 *
 * @param featureNames the features this program computes, in order
 * @throws Failure for a file that is unreadable, not a model, of another schema, trained on other features, truncated or
 *   holding weights that are not finite
 */
export function readModel(path: string, featureNames: readonly string[]): Model {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new Failure(`${path}: cannot be read (${(error as Error).message}); make one with onebit train`);
  }
  const end = file.indexOf(10);
  const header = readHeader(path, file.subarray(0, Math.max(end, 0)).toString('utf8'), featureNames);
  const weights = file.subarray(end + 1);
  const shapes = header.layers.map((outputs, i) => ({
    inputs: i === 0 ? encodedWidth(header.features) : header.layers[i - 1],
    outputs,
  }));
  const expected = shapes.reduce((sum, { inputs, outputs }) => sum + 4 * (inputs + 1) * outputs, 0);
  if (weights.length !== expected) {
    throw new Failure(
      `${path}: byte ${end + 1}: expected ${expected} bytes of weights, found ${weights.length}; ` +
        'the file is damaged, train the model again',
    );
  }
  const numbers = Float32Array.from({ length: expected / 4 }, (_, i) => weights.readFloatLE(4 * i));
  const wrong = numbers.findIndex((x) => !Number.isFinite(x));
  if (wrong >= 0) {
    throw new Failure(`${path}: byte ${end + 1 + 4 * wrong}: a weight is not finite; train the model again`);
  }
  let at = 0;
  const take = (length: number) => {
    at += length;
    return numbers.subarray(at - length, at);
  };
  return {
    header,
    layers: shapes.map(({ inputs, outputs }) => ({ kernel: take(inputs * outputs), bias: take(outputs) })),
  };
}

function readHeader(path: string, line: string, featureNames: readonly string[]): ModelHeader {
  let header: ModelHeader;
  try {
    header = JSON.parse(line);
  } catch {
    throw new Failure(
      `${path}:1: is not a model file (its first line is not JSON); make one with onebit train`,
    );
  }
  if (header?.schema !== MODEL_SCHEMA) {
    throw new Failure(
      `${path}:1: has schema ${JSON.stringify(header?.schema)}, this version reads ${MODEL_SCHEMA}; train the model again`,
    );
  }
  if (!isSound(header)) {
    throw new Failure(
      `${path}:1: the header is incomplete or has fields of the wrong kind; train the model again`,
    );
  }
  const names = header.features.map(({ name }) => name);
  const differing = featureNames.find((name, i) => names[i] !== name) ?? names[featureNames.length];
  if (differing !== undefined) {
    throw new Failure(
      `${path}:1: was trained on other features than this version computes (“${differing}” differs); train the model again`,
    );
  }
  return header;
}

function isSound(header: ModelHeader): boolean {
  const positive = (x: unknown) => Number.isSafeInteger(x) && (x as number) > 0;
  const { ages, judged, features, layers, trainedOn } = header;
  return (
    Array.isArray(ages) &&
    ages[0] === 0 &&
    isAscending(ages) &&
    Array.isArray(judged) &&
    judged.every(isSoundJudgement) &&
    Array.isArray(layers) &&
    layers.every(positive) &&
    layers.at(-1) === ages.length - 1 &&
    Array.isArray(features) &&
    features.every(isSoundEncoding) &&
    typeof trainedOn?.trace === 'string' &&
    typeof trainedOn.checksum === 'string' &&
    positive(trainedOn.requests)
  );
}

function isSoundJudgement(judgement: Judgement): boolean {
  const isThreshold = (x: unknown) => x === null || (typeof x === 'number' && x > 0 && x <= 1);
  return (
    Number.isSafeInteger(judgement?.capacity) &&
    judgement.capacity > 0 &&
    typeof judgement.pays === 'boolean' &&
    isThreshold(judgement.cutPoints) &&
    isThreshold(judgement.oneBit)
  );
}

function isSoundEncoding(encoding: FeatureEncoding): boolean {
  return (
    typeof encoding?.name === 'string' &&
    Array.isArray(encoding.thresholds) &&
    isAscending(encoding.thresholds) &&
    Number.isFinite(encoding.mean) &&
    encoding.deviation > 0
  );
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((x, i) => Number.isFinite(x) && (i === 0 || x > numbers[i - 1]));
}
