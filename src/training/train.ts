import { blockFeatures, type FeatureMatrix } from '../features/block-features.ts';
import { type TrainingRows, trainingRows } from '../features/training-rows.ts';
import { crossEntropy } from '../predictors/calibration.ts';
import { Kernel } from '../predictors/kernel.ts';
import { MODEL_SCHEMA, type Model, type ModelHeader } from '../predictors/model.ts';
import { Failure } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { prepareBackend } from './backend.ts';
import { type CheckpointStore, NOTHING_KEPT } from './checkpoint.ts';
import { fitEncoding } from './fit-encoding.ts';
import { type CountFaults, judge } from './judge.ts';
import { Learner, type LearnerState } from './learner.ts';
import { layerOutputs } from './network.ts';

/** Passes over the earlier training requests, at most; they end early when one does not help on the later ones. */
const MOST_PASSES = 4;
/** Share of the training requests that fit the weights at first; the later rest judges whether they pay. */
const FIT_FRACTION = 0.8;
/** Fewer rows than this cannot carry a model. */
const FEWEST_ROWS = 500;

export interface TrainingPlan {
  /** Requests of the training part, counted from the start of the trace. */
  readonly requests: number;
  /** Cache sizes in blocks at which it is judged what its bits are worth; its weights serve all. */
  readonly capacities: readonly number[];
  readonly seed: number;
  readonly faults: CountFaults;
  /** Told after every step: the share of the work done, and the loss. */
  readonly onProgress?: (done: number, loss: number) => void;
  /** Where an interrupted training is found again; nowhere if absent. */
  readonly checkpoints?: CheckpointStore;
}

/**
 * Fits a predictor of returns to the first part of a trace: weights from its first four fifths, in as many passes as lower
 * the loss on the last fifth; then for each capacity what its bits are worth on the last fifth, and with which thresholds; then one
 * more pass over all of it, so that the model ships with the latest that may be known. The same seed on the same backend
 * gives the same model, interrupted or not.
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
  const learner = new Learner(features, ages.length - 1, plan.seed);
  const header: ModelHeader = {
    schema: MODEL_SCHEMA,
    ages,
    judged: [],
    features,
    layers: layerOutputs(ages.length - 1),
    trainedOn: { trace: trace.name, checksum: traceChecksum(trace), requests: plan.requests },
    seed: plan.seed,
    backend,
  };
  const steps = Learner.steps(rows);
  const total = MOST_PASSES * steps + Learner.steps(matrix.rows);
  const progress = (before: number) => (step: number, loss: number) =>
    plan.onProgress?.((before + step) / total, loss);
  const store = plan.checkpoints ?? NOTHING_KEPT;
  const model = (): Model => ({ header, layers: learner.layers() });
  const best = await fitEarly(learner, matrix, early, all, model, JSON.stringify(header), store, (pass) =>
    progress(pass * steps),
  );
  await learner.restore(best);
  const { requests, capacities, faults } = plan;
  const judged = judge(model(), trace, matrix, fitRequests, requests, capacities, faults);
  await learner.pass(matrix, all, MOST_PASSES, progress(MOST_PASSES * steps));
  const layers = learner.layers();
  learner.dispose();
  store.clear();
  return { header: { ...header, judged }, layers };
}

/** Goes over the earlier requests until the loss on the later ones does not fall any more. */
async function fitEarly(
  learner: Learner,
  matrix: FeatureMatrix,
  early: TrainingRows,
  all: TrainingRows,
  model: () => Model,
  training: string,
  store: CheckpointStore,
  progress: (pass: number) => (step: number, loss: number) => void,
): Promise<LearnerState> {
  const known = store.read(training);
  const losses = [...(known?.losses ?? [])];
  if (known !== undefined) await learner.restore(known.latest);
  let best = known?.best ?? (await learner.state());
  const from = early.weights.length;
  const heldOut = {
    values: matrix.values.subarray(from * matrix.names.length),
    outcomes: all.outcomes.subarray(from * (all.ages.length - 1)),
    weights: all.weights.subarray(from),
  };
  while (losses.length < MOST_PASSES && losses.at(-1) === lowest(losses)) {
    await learner.pass(matrix, early, losses.length, progress(losses.length));
    const hazards = new Kernel(model()).hazards(heldOut.values);
    losses.push(crossEntropy(hazards, heldOut.outcomes, heldOut.weights));
    const latest = await learner.state();
    if (losses.at(-1) === lowest(losses)) best = latest;
    store.write({ training, losses, latest, best });
  }
  return best;
}

/** Undefined for none. */
function lowest(losses: readonly number[]): number | undefined {
  return losses.length === 0 ? undefined : Math.min(...losses);
}
