/** The library: the theory, the policies, traces, predictions and the simulator. Loads no TensorFlow.js. */
export { blockFeatures, FEATURE_NAMES, type FeatureMatrix } from './features/block-features.ts';
export type { BlockEvent } from './kvcache/block-event.ts';
export type { BlockHash } from './kvcache/block-hash.ts';
export { BlockManager, type Lease, type ManagerSettings } from './kvcache/block-manager.ts';
export { CostModel } from './kvcache/cost-model.ts';
export { DEVICES, type Device, findDevice } from './kvcache/device.ts';
export { findGeometry, GEOMETRIES, type Geometry } from './kvcache/geometry.ts';
export type { RetentionHint } from './kvcache/retention.ts';
export { readSnapshot, writeSnapshot } from './kvcache/snapshot.ts';
export type { TierSettings } from './kvcache/tier.ts';
export { TieredCache, type TieredSettings } from './kvcache/tiered-cache.ts';
export { Belady, nextRequests, optimalFaults } from './paging/belady.ts';
export { Cache } from './paging/cache.ts';
export { cacheStates, perfectStates } from './paging/cache-states.ts';
export { leastFaultCost } from './paging/cost-bound.ts';
export type { CatalogPolicy, PolicyDefinition, Run } from './paging/definition.ts';
export { competitive, type Guarantee, harmonic, type Standing } from './paging/guarantee.ts';
export { discardLabels, extendedDiscardLabels, phaseLabels } from './paging/labels.ts';
export { phases } from './paging/phases.ts';
export { type Bits, NO_PAGE, type Policy, type PredictionKind, type Predictions } from './paging/policy.ts';
export { type PredictionError, predictionError } from './paging/prediction-error.ts';
export { prefix, type RequestSequence, requestSequence } from './paging/request-sequence.ts';
export { SizedCache } from './paging/sized-cache.ts';
export { mostPages, unitCosts, type Weights } from './paging/weights.ts';
export { type FrozenPolicy, freezePolicy } from './plugin/frozen-policy.ts';
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
export { flipBits, flipBursts, flipRequests, invertBits, randomBits } from './predictors/noise.ts';
export { worstFlips } from './predictors/worst-flips.ts';
export { type Comparison, compare } from './simulator/compare.ts';
export { compareWeighted, type WeightedComparison } from './simulator/compare-weighted.ts';
export { type Curves, curves } from './simulator/curve.ts';
export { type Experiment, readExperiment } from './simulator/experiment.ts';
export { formatPredictions, type PredictionSource, parsePredictions } from './simulator/predictions.ts';
export { compareReplays, type ReplayComparison } from './simulator/replay/compare-replays.ts';
export { type ReplaySettings, replay } from './simulator/replay/replay.ts';
export { type Workload, workload } from './simulator/replay/workload.ts';
export type {
  CurveRecord,
  FailedCell,
  ReplayRecord,
  ResultRecord,
  WeightedRecord,
} from './simulator/result.ts';
export { type Simulation, simulate } from './simulator/simulate.ts';
export { type SizedResult, type SizedSimulation, simulateSized } from './simulator/simulate-sized.ts';
export { type SweepOptions, sweep } from './simulator/sweep.ts';
export { Failure } from './support/failure.ts';
export { IndexSet } from './support/index-set.ts';
export { type Random, SeededRandom } from './support/random.ts';
export {
  type AttentionTrace,
  readAttention,
  writeAttention,
} from './traces/attention-trace.ts';
export { embeddedTrace } from './traces/embedded-trace.ts';
export { PageWeights } from './traces/page-weights.ts';
export { readTrace } from './traces/read-trace.ts';
export { accessTimes, type ServingTrace } from './traces/serving-trace.ts';
export { generateSessions } from './traces/session-generator.ts';
export { DEFAULT_SESSIONS, type SessionParameters } from './traces/session-parameters.ts';
export { splitRequests } from './traces/split.ts';
export { type TraceStatistics, traceStatistics } from './traces/statistics.ts';
export { expectation } from './verify/coin-tree.ts';
export { expectedFaults } from './verify/expected-faults.ts';
