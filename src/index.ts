/** The library: the theory, the policies, traces, predictions and the simulator. Loads no TensorFlow.js. */
export { blockFeatures, FEATURE_NAMES, type FeatureMatrix } from './features/block-features.ts';
export { Belady, nextRequests, optimalFaults } from './paging/belady.ts';
export { Cache } from './paging/cache.ts';
export type { CatalogPolicy, Run } from './paging/definition.ts';
export { type Guarantee, harmonic, type Standing } from './paging/guarantee.ts';
export { discardLabels, extendedDiscardLabels, phaseLabels } from './paging/labels.ts';
export { phases } from './paging/phases.ts';
export { type Bits, NO_PAGE, type Policy, type PredictionKind, type Predictions } from './paging/policy.ts';
export { type PredictionError, predictionError } from './paging/prediction-error.ts';
export { prefix, type RequestSequence, requestSequence } from './paging/request-sequence.ts';
export { formatPolicy, type PolicyDescription, parsePolicy } from './policies/description.ts';
export { catalog, findPolicy, POLICY_NAMES } from './policies/find-policy.ts';
export { Kernel } from './predictors/kernel.ts';
export { learnedDiscards, settledBits } from './predictors/learned-discards.ts';
export { type Model, type ModelHeader, readModel, writeModel } from './predictors/model.ts';
export {
  noisyArrivals,
  perfectArrivals,
  plecoArrivals,
  popularityArrivals,
} from './predictors/next-arrival.ts';
export { flipBits, invertBits, randomBits } from './predictors/noise.ts';
export { type Comparison, compare } from './simulator/compare.ts';
export { type Curves, curves } from './simulator/curve.ts';
export { formatPredictions, type PredictionSource, parsePredictions } from './simulator/predictions.ts';
export type { CurveRecord, ResultRecord } from './simulator/result.ts';
export { type Simulation, simulate } from './simulator/simulate.ts';
export { Failure } from './support/failure.ts';
export { IndexSet } from './support/index-set.ts';
export { type Random, SeededRandom } from './support/random.ts';
export { readTrace } from './traces/read-trace.ts';
export { accessTimes, type ServingTrace } from './traces/serving-trace.ts';
export { embeddedTrace, generateSessions } from './traces/session-generator.ts';
export { DEFAULT_SESSIONS, type SessionParameters } from './traces/session-parameters.ts';
export { splitRequests } from './traces/split.ts';
export { type TraceStatistics, traceStatistics } from './traces/statistics.ts';
export { expectation } from './verify/coin-tree.ts';
export { expectedFaults } from './verify/expected-faults.ts';
