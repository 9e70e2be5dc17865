import { optimalFaults } from '../../paging/belady.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import { predictionError } from '../../paging/prediction-error.ts';
import type { Instance } from '../instance.ts';
import { meanFaults } from '../laws/mean-faults.ts';
import { trueBits } from '../predictions.ts';

/** What a policy pays on one instance, beside the optimum and the errors of its bits on LFD's labels. */
export interface Score {
  /** Expected faults; exact where `runs` is 0, else the mean of so many. */
  readonly faults: number;
  readonly runs: number;
  readonly optFaults: number;
  readonly eta0?: number;
  readonly eta1?: number;
}

/** O(runs · T). */
export function scoreOf(policy: CatalogPolicy, instance: Instance): Score {
  const { sequence, capacity, predictions } = instance;
  // Against no faults at all every sample is a deciding one.
  const { mean, runs } = meanFaults(policy, instance, 0);
  const labels = trueBits(policy.needs, sequence, capacity)[0];
  const error = labels && predictionError(Uint8Array.from(predictions), labels);
  return { faults: mean, runs, optFaults: optimalFaults(sequence, capacity), ...error };
}
