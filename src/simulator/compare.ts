import { nextRequests } from '../paging/belady.ts';
import type { CatalogPolicy } from '../paging/definition.ts';
import type { Bits } from '../paging/policy.ts';
import { predictionError } from '../paging/prediction-error.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { settledBits } from '../predictors/learned-discards.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import {
  formatPredictions,
  Labels,
  makeArrivals,
  makeBits,
  type PredictionSource,
  takesBits,
} from './predictions.ts';
import type { ResultRecord } from './result.ts';
import { simulate } from './simulate.ts';

/** Policies × capacities × predictions on one trace. */
export interface Comparison {
  readonly trace: ServingTrace;
  readonly policies: readonly CatalogPolicy[];
  /** Cache sizes in blocks. */
  readonly capacities: readonly number[];
  /** Each policy that takes predictions is run once with each of these. */
  readonly predictions: readonly PredictionSource[];
  /** The pages whose bits a model lets turn at a capacity; needed by the sources `train` and `model`. */
  readonly learned?: (capacity: number) => Uint32Array;
  readonly seed: number;
  /** Index of the first scored block access. */
  readonly evaluatedFrom: number;
}

/**
 * Runs a comparison, one record at a time: at each capacity LRU and Belady's rule, which every other record is measured
 * against, then the other policies in the order given.
 */
export function* compare(comparison: Comparison): Generator<ResultRecord> {
  const { trace, policies, capacities, predictions, seed, evaluatedFrom } = comparison;
  const sequence = trace.blocks;
  const next = nextRequests(sequence);
  const [lru, belady] = [findPolicy('lru'), findPolicy('belady')];
  const others = policies.filter(({ name }) => name !== lru.name && name !== belady.name);
  for (const capacity of capacities) {
    const labels = new Labels(sequence, capacity, next);
    const learned = comparison.learned?.(capacity);
    const scored = { sequence, capacity, seed, from: evaluatedFrom };
    const lruFaults = simulate({ ...scored, policy: lru });
    const optFaults = simulate({ ...scored, policy: belady });
    const record = (
      policy: CatalogPolicy,
      faults: number,
      source?: PredictionSource,
      bits?: Bits,
    ): ResultRecord => {
      const requests = sequence.pages.length - evaluatedFrom;
      const error = bits && predictionError(bits, labels.of(policy), evaluatedFrom);
      return {
        trace: trace.name,
        policy: policy.name,
        capacity,
        predictions: source === undefined ? 'none' : formatPredictions(source),
        seed,
        requests,
        faults,
        hitRatio: 1 - faults / requests,
        optFaults,
        faultRatio: faults / optFaults,
        gapClosed: lruFaults === optFaults ? null : (lruFaults - faults) / (lruFaults - optFaults),
        eta0: error?.eta0 ?? null,
        eta1: error?.eta1 ?? null,
        evaluatedFrom,
      };
    };
    yield record(lru, lruFaults);
    yield record(belady, optFaults);
    for (const policy of others) {
      if (policy.needs === 'nothing') {
        yield record(policy, simulate({ ...scored, policy }));
        continue;
      }
      for (const source of predictions) {
        if (takesBits(policy)) {
          const bits = makeBits(source, policy, labels.of(policy), learned, seed);
          const settled = bits.late === undefined ? bits.predictions : settledBits(sequence, bits.late);
          yield record(policy, simulate({ ...scored, policy, ...bits }), source, settled);
        } else {
          const arrivals = makeArrivals(source, sequence, next, seed);
          yield record(policy, simulate({ ...scored, policy, predictions: arrivals }), source);
        }
      }
    }
  }
}
