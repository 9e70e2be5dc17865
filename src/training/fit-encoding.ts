import type { FeatureMatrix } from '../features/block-features.ts';
import { type FeatureEncoding, signedLog } from '../predictors/encoding.ts';

/** Thresholds at the eighths of a feature's distribution; finer ones let the network recognise single requests. */
const QUANTILES = 8;
/** And between the smallest counts, where first access or not, first turn or not, decide most. */
const SMALL_COUNTS = [0, 1, 2, 3];

/**
 * Chooses how each feature is encoded, from the training rows alone. O(rows × features × log rows).
 *
 * @param matrix features of the whole trace
 * @param rows learn from the first so many
 */
export function fitEncoding(matrix: FeatureMatrix, rows: number): FeatureEncoding[] {
  return matrix.names.map((name, column) => {
    const sorted = Float32Array.from(
      { length: rows },
      (_, row) => matrix.values[row * matrix.names.length + column],
    ).sort();
    const candidates = [...SMALL_COUNTS];
    for (let i = 1; i < QUANTILES; i++) candidates.push(sorted[Math.floor((i * sorted.length) / QUANTILES)]);
    const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]];
    const thresholds = [...new Set(candidates)]
      .filter((x) => x > lowest && x <= highest)
      .sort((a, b) => a - b);
    let sum = 0;
    let squares = 0;
    for (const x of sorted) {
      sum += signedLog(x);
      squares += signedLog(x) ** 2;
    }
    const mean = sum / sorted.length;
    // A feature that never varies in training is encoded as a constant, not divided by zero.
    const deviation = Math.sqrt(Math.max(squares / sorted.length - mean * mean, 0)) || 1;
    return { name, thresholds, mean, deviation };
  });
}
