import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { blockFeatures, type FeatureMatrix } from '../features/block-features.ts';
import { prefix } from '../paging/request-sequence.ts';
import { encodedWidth } from '../predictors/encoding.ts';
import { learnedDiscards } from '../predictors/learned-discards.ts';
import { MODEL_SCHEMA, type Model, type ModelHeader } from '../predictors/model.ts';
import { assert, Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';
import { prepareBackend } from './backend.ts';
import { BatchMaker } from './batch-maker.ts';
import { fitEncoding } from './fit-encoding.ts';
import { buildNetwork, extractLayers, layerOutputs } from './network.ts';
import { trainingRows } from './training-rows.ts';

const BATCH = 1024;
/** Passes over the earlier training requests, before the later ones have judged the model. */
const EPOCHS = 2;
/** Passes over all training requests after that, so that the model ships with the latest that may be known. */
const FINAL_EPOCHS = 1;
/** Share of the training requests that fit the weights at first; the later rest judges whether they pay. */
const FIT_FRACTION = 0.8;
/** Fewer rows than this cannot carry a model. */
const FEWEST_ROWS = 500;

export interface TrainingPlan {
  /** Requests of the training part, counted from the start of the trace. */
  readonly requests: number;
  /** Cache sizes in blocks at which it is judged whether the model pays; its weights serve all. */
  readonly capacities: readonly number[];
  readonly seed: number;
  /**
   * Faults of the policy that will use the bits, on accesses `from … to − 1` after a warm-up.
   *
   * @param late for each access the block whose bit turns 1 just before it; without it all bits stay 0
   */
  readonly faults: (capacity: number, from: number, to: number, late?: Uint32Array) => number;
  /** Told after every step: the share of the work done, and the loss. */
  readonly onProgress?: (done: number, loss: number) => void;
}

/**
 * Fits a predictor of returns to the first part of a trace: weights from its first four fifths, then for each capacity
 * the decision whether its bits beat no bits on the last fifth, then one more pass over all of it. The same seed on the
 * same backend gives the same model.
 *
 * @throws Failure if the training part is too small
 */
export async function train(trace: ServingTrace, plan: TrainingPlan): Promise<Model> {
  const fitRequests = Math.floor(plan.requests * FIT_FRACTION);
  const rows = trace.firstBlock[fitRequests];
  if (rows < FEWEST_ROWS) {
    throw new Failure(
      `${trace.name}: ${rows} block accesses are too few to train on (at least ${FEWEST_ROWS}); ` +
        'bring a longer trace or raise --train-fraction',
    );
  }
  const backend = await prepareBackend();
  const matrix = blockFeatures(trace, plan.requests);
  const features = fitEncoding(matrix, rows);
  const early = trainingRows(trace, fitRequests);
  const { ages } = early;
  const all = trainingRows(trace, plan.requests, ages);
  const network = buildNetwork(encodedWidth(features), ages.length - 1, plan.seed);
  const steps = [Math.ceil(rows / BATCH) * EPOCHS, Math.ceil(matrix.rows / BATCH) * FINAL_EPOCHS];
  const random = new SeededRandom(plan.seed);
  const header = (judged: ModelHeader['judged']): ModelHeader => ({
    schema: MODEL_SCHEMA,
    ages,
    judged,
    features,
    layers: layerOutputs(ages.length - 1),
    trainedOn: { trace: trace.name, checksum: traceChecksum(trace), requests: plan.requests },
    seed: plan.seed,
    backend,
  });
  const progress = (offset: number) => (step: number, loss: number) =>
    plan.onProgress?.((offset + step) / (steps[0] + steps[1]), loss);
  const batches = new BatchMaker(matrix, features, early, random, BATCH);
  await fit(network, batches, steps[0], progress(0));
  const judged = judge(
    { header: header([]), layers: extractLayers(network) },
    trace,
    matrix,
    fitRequests,
    plan,
  );
  await fit(network, new BatchMaker(matrix, features, all, random, BATCH), steps[1], progress(steps[0]));
  const layers = extractLayers(network);
  network.dispose();
  return { header: header(judged), layers };
}

/** At each capacity, whether the bits save faults on the requests between `fitRequests` and the end of the training part. */
function judge(
  model: Model,
  trace: ServingTrace,
  matrix: FeatureMatrix,
  fitRequests: number,
  { requests, capacities, faults }: TrainingPlan,
): ModelHeader['judged'] {
  const [from, to] = [trace.firstBlock[fitRequests], trace.firstBlock[requests]];
  const late = learnedDiscards(model, matrix, prefix(trace.blocks, to), accessTimes(trace));
  return capacities.map((capacity) => ({
    capacity,
    pays: faults(capacity, from, to, late(capacity)) < faults(capacity, from, to),
  }));
}

async function fit(
  network: tfl.Sequential,
  batches: BatchMaker,
  steps: number,
  progress: (step: number, loss: number) => void,
): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    const { inputs, targets } = batches.next();
    const loss = await network.trainOnBatch(inputs, targets);
    tf.dispose([inputs, targets]);
    assert(typeof loss === 'number', 'training reports one loss');
    progress(step, loss);
  }
}
