/**
 * How good predicted chances are: against what became of each access in each span of its age (`outcomes`: 1 came back, 0
 * did not, negative where it is unknown).
 */

/**
 * Mean cross-entropy of the known outcomes, in nats, each row with its weight. O(rows × spans).
 *
 * @param hazards rows × spans, row-major: predicted chances
 * @param outcomes rows × spans
 * @param weights one per row
 */
export function crossEntropy(hazards: Float32Array, outcomes: Int8Array, weights: Float32Array): number {
  const spans = hazards.length / weights.length;
  let loss = 0;
  let known = 0;
  for (let row = 0, at = 0; row < weights.length; row++) {
    for (let span = 0; span < spans; span++, at++) {
      if (outcomes[at] < 0) continue;
      known += weights[row];
      // A chance of 0 or 1 in 32 bits is one that was too small to tell.
      loss -= weights[row] * Math.log(Math.max(1e-9, outcomes[at] === 1 ? hazards[at] : 1 - hazards[at]));
    }
  }
  return known === 0 ? 0 : loss / known;
}

/** Predictions of about the same chance. */
export interface ReliabilityBin {
  readonly predictions: number;
  /** Mean of what was predicted. */
  readonly predicted: number;
  /** Share of them that came true. */
  readonly observed: number;
}

/**
 * A reliability diagram: the known outcomes in bins of equally many predictions, from the lowest chance to the highest. Those
 * of equal chance share a bin. O(n log n) in the number of predictions.
 *
 * @param bins how many at most
 */
export function reliability(hazards: Float32Array, outcomes: Int8Array, bins = 10): ReliabilityBin[] {
  const known = Uint32Array.from(outcomes.keys()).filter((at) => outcomes[at] >= 0);
  const order = known.sort((a, b) => hazards[a] - hazards[b]);
  const result: ReliabilityBin[] = [];
  for (let from = 0; from < order.length; ) {
    let to = Math.max(from + 1, Math.ceil(((result.length + 1) * order.length) / bins));
    while (to < order.length && hazards[order[to]] === hazards[order[to - 1]]) to++;
    const bin = order.subarray(from, to);
    const sum = (value: (at: number) => number) => bin.reduce((total, at) => total + value(at), 0);
    result.push({
      predictions: bin.length,
      predicted: sum((at) => hazards[at]) / bin.length,
      observed: sum((at) => outcomes[at]) / bin.length,
    });
    from = to;
  }
  return result;
}
