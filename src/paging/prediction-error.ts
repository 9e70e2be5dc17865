import { assert } from '../support/failure.ts';
import type { Bits } from './policy.ts';

/** The errors of predicted bits: η0 counts wrong 0s (wrongly kept), η1 wrong 1s (wrongly discarded). */
export interface PredictionError {
  readonly eta0: number;
  readonly eta1: number;
}

/**
 * Compares predicted bits with the true labels (η0 and η1 of docs/certificates.md). O(T).
 *
 * @param predicted one bit per request
 * @param labels the true bits, as many
 * @param from count only requests from this step on
 *
 * @example
 * predictionError(Uint8Array.of(0, 1, 1), Uint8Array.of(1, 1, 0)); // { eta0: 1, eta1: 1 }
 */
export function predictionError(predicted: Bits, labels: Bits, from = 0): PredictionError {
  assert(predicted.length === labels.length, `${predicted.length} predicted bits, ${labels.length} labels`);
  let eta0 = 0;
  let eta1 = 0;
  for (let i = from; i < labels.length; i++) {
    if (predicted[i] < labels[i]) eta0++;
    else if (predicted[i] > labels[i]) eta1++;
  }
  return { eta0, eta1 };
}
