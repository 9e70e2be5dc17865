/**
 * How one feature becomes inputs of a network, as plain data: one 0/1 input for each threshold it reaches, and one
 * standardised signed logarithm. Thresholds cut small integers exactly, as decision trees do, which a plain network
 * cannot learn in the time given; being cumulative, neighbouring bins share what is learnt.
 */
export interface FeatureEncoding {
  readonly name: string;
  /** Ascending. */
  readonly thresholds: readonly number[];
  /** Mean and standard deviation of the signed logarithm on the training rows. */
  readonly mean: number;
  readonly deviation: number;
}

/** sign(x)·ln(1 + |x|): keeps order and sign, tames the tails of times and lengths. */
export function signedLog(x: number): number {
  return x < 0 ? -Math.log1p(-x) : Math.log1p(x);
}

/** Number of network inputs of the encoded features. */
export function encodedWidth(encodings: readonly FeatureEncoding[]): number {
  return encodings.reduce((sum, { thresholds }) => sum + thresholds.length + 1, 0);
}

/**
 * Encodes one row of features. O(inputs).
 *
 * @param encodings one per column of the row
 * @param values feature values
 * @param from where the row begins in `values`
 * @param inputs receives `encodedWidth(encodings)` numbers from `at` on; must be zero there
 */
export function encodeRow(
  encodings: readonly FeatureEncoding[],
  values: Float32Array,
  from: number,
  inputs: Float32Array,
  at: number,
): void {
  for (let column = 0; column < encodings.length; column++) {
    const { thresholds, mean, deviation } = encodings[column];
    const x = values[from + column];
    for (let i = 0; i < thresholds.length && x >= thresholds[i]; i++) inputs[at + i] = 1;
    inputs[at + thresholds.length] = (signedLog(x) - mean) / deviation;
    at += thresholds.length + 1;
  }
}
