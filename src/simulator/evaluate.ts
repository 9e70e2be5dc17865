import { blockFeatures, type FeatureMatrix, selectRows } from '../features/block-features.ts';
import { type TrainingRows, trainingRows } from '../features/training-rows.ts';
import { discardLabels } from '../paging/labels.ts';
import { predictionError } from '../paging/prediction-error.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { crossEntropy, reliability } from '../predictors/calibration.ts';
import { judgementAt } from '../predictors/judgement.ts';
import { keepValues } from '../predictors/keep-value.ts';
import { Kernel } from '../predictors/kernel.ts';
import { settledBits } from '../predictors/learned-discards.ts';
import type { Model } from '../predictors/model.ts';
import { lateDiscards } from '../predictors/shadow-cache.ts';
import { SeededRandom } from '../support/random.ts';
import { accessTimes, requestCount, type ServingTrace } from '../traces/serving-trace.ts';
import type { EvaluationRecord } from './result.ts';
import { simulate } from './simulate.ts';

/** Rows whose columns are shuffled to see which matter; more would take longer and say the same. */
const SAMPLE = 8000;
/** Sizes of the predictor's own cache, relative to the real one: the threshold of a bit that turns. */
const STRICTNESS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4];

/**
 * What a model is worth on requests that it was not trained on: how well its chances are calibrated, which features they rest
 * on, and what its bits do to a cache. O(accesses × weights), and a simulation for each capacity and strictness.
 *
 * @param request the first that is scored; those before it fill the caches
 * @param capacities cache sizes in blocks
 * @param seed of the shuffles
 */
export function evaluate(
  trace: ServingTrace,
  model: Model,
  request: number,
  capacities: readonly number[],
  seed: number,
): EvaluationRecord {
  const from = trace.firstBlock[request];
  const matrix = blockFeatures(trace);
  const kernel = new Kernel(model);
  const { ages } = model.header;
  const rows = after(trainingRows(trace, requestCount(trace), ages), from);
  const hazards = kernel.hazards(matrix.values);
  const scored = hazards.subarray(from * (ages.length - 1));
  const values = keepValues(hazards, ages);
  return {
    trace: trace.name,
    trainedOn: model.header.trainedOn.trace,
    evaluatedFrom: from,
    accesses: matrix.rows - from,
    crossEntropy: crossEntropy(scored, rows.outcomes, rows.weights),
    baseCrossEntropy: crossEntropy(shares(rows), rows.outcomes, rows.weights),
    reliability: reliability(scored, rows.outcomes),
    importance: importance(kernel, matrix, from, rows, seed),
    capacities: capacities.map((capacity) => score(trace, model, values, from, capacity)),
  };
}

/** What is known of the accesses from `from` on. */
function after({ ages, outcomes, weights }: TrainingRows, from: number): TrainingRows {
  return {
    ages,
    outcomes: outcomes.subarray(from * (ages.length - 1)),
    weights: weights.subarray(from),
  };
}

/** The chances of one who knows the share of returns in each span, and nothing of the blocks. */
function shares({ ages, outcomes, weights }: TrainingRows): Float32Array {
  const spans = ages.length - 1;
  const [came, known] = [new Float64Array(spans), new Float64Array(spans)];
  outcomes.forEach((outcome, at) => {
    if (outcome < 0) return;
    const weight = weights[Math.floor(at / spans)];
    known[at % spans] += weight;
    came[at % spans] += weight * outcome;
  });
  return Float32Array.from(outcomes, (_, at) => came[at % spans] / (known[at % spans] || 1));
}

/** How much the cross-entropy grows when the values of one feature are shuffled among accesses, largest first. */
function importance(
  kernel: Kernel,
  matrix: FeatureMatrix,
  from: number,
  rows: TrainingRows,
  seed: number,
): EvaluationRecord['importance'] {
  const random = new SeededRandom(seed);
  const count = matrix.rows - from;
  const chosen = Uint32Array.from({ length: Math.min(SAMPLE, count) }, () => random.below(count));
  const spans = rows.ages.length - 1;
  const outcomes = new Int8Array(chosen.length * spans);
  for (const [i, row] of chosen.entries()) {
    outcomes.set(rows.outcomes.subarray(row * spans, (row + 1) * spans), i * spans);
  }
  const weights = Float32Array.from(chosen, (row) => rows.weights[row]);
  const sample = selectRows(
    matrix,
    chosen.map((row) => from + row),
  );
  const loss = (values: Float32Array) => crossEntropy(kernel.hazards(values), outcomes, weights);
  const intact = loss(sample.values);
  const columns = matrix.names.length;
  const found = matrix.names.map((feature, column) => {
    const shuffled = sample.values.slice();
    for (let i = chosen.length - 1; i > 0; i--) {
      const [a, b] = [i * columns + column, random.below(i + 1) * columns + column];
      [shuffled[a], shuffled[b]] = [shuffled[b], shuffled[a]];
    }
    return { feature, crossEntropy: loss(shuffled) - intact };
  });
  return found.sort((a, b) => b.crossEntropy - a.crossEntropy);
}

function score(
  trace: ServingTrace,
  model: Model,
  values: Float32Array,
  from: number,
  capacity: number,
): EvaluationRecord['capacities'][number] {
  const { blocks } = trace;
  const accesses = blocks.pages.length;
  const time = accessTimes(trace);
  const turning = (size: number) => lateDiscards(blocks, time, values, model.header.ages, size);
  const hitRatio = (policy: string, late?: Uint32Array) => {
    const given = late && { predictions: new Uint8Array(accesses), late };
    const run = { sequence: blocks, policy: findPolicy(policy), capacity, seed: 1, from, ...given };
    return 1 - simulate(run) / (accesses - from);
  };
  const late = turning(capacity);
  const labels = discardLabels(blocks, capacity);
  const bits = settledBits(blocks, late);
  const { eta0, eta1 } = predictionError(bits, labels, from);
  let right = 0;
  for (let i = from; i < accesses; i++) right += bits[i] & labels[i];
  return {
    capacity,
    pays: judgementAt(model, capacity).pays,
    lru: hitRatio('lru'),
    opt: hitRatio('belady'),
    learned: hitRatio('discard(lru)', late),
    robust: hitRatio('switch(discard(lru),lru)', late),
    precision: right / (right + eta1 || 1),
    recall: right / (right + eta0 || 1),
    strictness: STRICTNESS.map((share) => {
      const size = Math.max(1, Math.round(share * capacity));
      return { share, hitRatio: hitRatio('discard(lru)', turning(size)) };
    }),
  };
}
