import * as tf from '@tensorflow/tfjs-core';
import { blockFeatures, type FeatureMatrix } from '../features/block-features.ts';
import type { Bits } from '../paging/policy.ts';
import { encodedWidth, encodeRow } from '../predictors/encoding.ts';
import { Kernel } from '../predictors/kernel.ts';
import { MODEL_SCHEMA, type Model } from '../predictors/model.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { traceChecksum } from '../traces/checksum.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { prepareBackend } from './backend.ts';
import { fitEncoding } from './fit-encoding.ts';
import { buildNetwork, extractLayers, LAYERS } from './network.ts';
import { trainingRows } from './training-rows.ts';

const BATCH = 1024;
const EPOCHS = 2;
/** Share of the training requests that fit the weights; the later rest chooses the threshold. */
const FIT_FRACTION = 0.8;
const THRESHOLDS = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
/** Fewer rows than this cannot carry a model. */
const FEWEST_ROWS = 500;

export interface TrainingPlan {
  /** Requests of the training part, counted from the start of the trace. */
  readonly requests: number;
  /** Cache size in blocks for which the bit is to be true. */
  readonly capacity: number;
  readonly seed: number;
  /**
   * Faults of the policy that will use the bits, on accesses `from … to − 1` after a warm-up: what the threshold is
   * chosen by.
   */
  readonly faults: (bits: Bits, from: number, to: number) => number;
  /** Told after every few steps: the share of the work done, and the loss. */
  readonly onProgress?: (done: number, loss: number) => void;
}

/**
 * Fits a discard-bit predictor to the first part of a trace: labels from Belady's rule on that part alone, weights from
 * its first four fifths, the threshold by simulation on its last fifth. The same seed on the same backend gives the same
 * model.
 *
 * @throws Failure if the training part is too small
 */
export async function train(trace: ServingTrace, plan: TrainingPlan): Promise<Model> {
  const fitRequests = Math.floor(plan.requests * FIT_FRACTION);
  const { rows, labels } = trainingRows(trace, fitRequests, plan.capacity);
  if (rows.length < FEWEST_ROWS) {
    throw new Failure(
      `${trace.name}: ${rows.length} block accesses are too few to train on (at least ${FEWEST_ROWS}); ` +
        'bring a longer trace or raise --train-fraction',
    );
  }
  const backend = await prepareBackend();
  const matrix = blockFeatures(trace, plan.requests);
  const features = fitEncoding(matrix, rows);
  const network = buildNetwork(encodedWidth(features), plan.seed);
  const batches = new BatchMaker(matrix, features, rows, labels, new SeededRandom(plan.seed));
  const steps = Math.ceil(rows.length / BATCH) * EPOCHS;
  for (let step = 0; step < steps; step++) {
    const { inputs, targets } = batches.next();
    const loss = await network.trainOnBatch(inputs, targets);
    tf.dispose([inputs, targets]);
    assert(typeof loss === 'number', 'training reports one loss');
    plan.onProgress?.((step + 1) / steps, loss);
  }
  const header = {
    schema: MODEL_SCHEMA,
    capacity: plan.capacity,
    threshold: 0.5,
    features,
    layers: LAYERS,
    trainedOn: { trace: trace.name, checksum: traceChecksum(trace), requests: plan.requests },
    seed: plan.seed,
    backend,
  } as const;
  const model = { header, layers: extractLayers(network) };
  network.dispose();
  const threshold = chooseThreshold(model, trace, matrix, fitRequests, plan);
  return { ...model, header: { ...header, threshold } };
}

/** The threshold with the fewest faults on the validation part. */
function chooseThreshold(
  model: Model,
  trace: ServingTrace,
  matrix: FeatureMatrix,
  fitRequests: number,
  plan: TrainingPlan,
): number {
  const probabilities = new Kernel(model).probabilities(matrix.values);
  const [from, to] = [trace.firstBlock[fitRequests], trace.firstBlock[plan.requests]];
  let best = { threshold: THRESHOLDS[0], faults: Number.POSITIVE_INFINITY };
  for (const threshold of THRESHOLDS) {
    const bits = Uint8Array.from(probabilities, (p) => (p >= threshold ? 1 : 0));
    const faults = plan.faults(bits, from, to);
    if (faults < best.faults) best = { threshold, faults };
  }
  return best.threshold;
}

/** Draws shuffled batches without end, encoding rows as they are needed: all at once would not fit in memory. */
class BatchMaker {
  private readonly matrix: FeatureMatrix;
  private readonly features: ReturnType<typeof fitEncoding>;
  private readonly rows: Uint32Array;
  private readonly labels: Bits;
  private readonly random: SeededRandom;
  private drawn = 0;

  constructor(
    matrix: FeatureMatrix,
    features: ReturnType<typeof fitEncoding>,
    rows: Uint32Array,
    labels: Bits,
    random: SeededRandom,
  ) {
    this.matrix = matrix;
    this.features = features;
    this.rows = rows.slice();
    this.labels = labels;
    this.random = random;
  }

  next(): { inputs: tf.Tensor2D; targets: tf.Tensor2D } {
    const size = Math.min(BATCH, this.rows.length);
    const width = encodedWidth(this.features);
    const inputs = new Float32Array(size * width);
    const targets = new Float32Array(size);
    for (let i = 0; i < size; i++) {
      const row = this.draw();
      encodeRow(this.features, this.matrix.values, row * this.features.length, inputs, i * width);
      targets[i] = this.labels[row];
    }
    return { inputs: tf.tensor2d(inputs, [size, width]), targets: tf.tensor2d(targets, [size, 1]) };
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
