/**
 * What a slot earns by keeping a block: the most hits a second, over all times to wait, that a block of a given age can be
 * expected to bring, P(requested within the wait) / E(seconds until then or until the wait is over). It is the index of
 * Gittins (*Bandit processes and dynamic allocation indices*, J. Royal Statistical Society B, 1979) of a block that is
 * worth one hit, computed from the chances that a block not yet requested again is requested in the next span of its age.
 */

/**
 * The value of keeping each block from the start of each span of its age on. O(rows × spans²).
 *
 * @param hazards rows × spans, row-major: the chance of a request within the span, given none before it
 * @param ages bounds of the spans in seconds since the latest access, ascending: one more than spans
 * @returns hits a second, rows × spans
 *
 * @example
 * // Certain to come back in the second half of two minutes, surely not in the first.
 * keepValues(Float32Array.of(0, 1), [0, 60, 120]); // 1 hit in 90 seconds at first, 1 in 30 from the first minute on
 */
export function keepValues(hazards: Float32Array, ages: readonly number[]): Float32Array {
  const spans = ages.length - 1;
  const values = new Float32Array(hazards.length);
  for (let row = 0; row < hazards.length; row += spans) {
    for (let from = 0; from < spans; from++) {
      let waiting = 1;
      let hits = 0;
      let seconds = 0;
      let best = 0;
      for (let span = from; span < spans; span++) {
        const hit = waiting * hazards[row + span];
        hits += hit;
        // A request within a span comes half-way through it, on average.
        seconds += (waiting - hit / 2) * (ages[span + 1] - ages[span]);
        waiting -= hit;
        if (hits > best * seconds) best = hits / seconds;
      }
      values[row + from] = best;
    }
  }
  return values;
}
