import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { crossEntropy, reliability } from '../../src/predictors/calibration.ts';
import { hold } from '../arbitraries.ts';

const predictions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(-1, 0, 1)), { maxLength: 60 })
  .map((pairs) => ({
    hazards: Float32Array.from(pairs, ([percent]) => percent / 100),
    outcomes: Int8Array.from(pairs, ([, outcome]) => outcome),
  }));

t.test(
  'bins hold every known prediction once, in order, and their means are those of the whole',
  async () => {
    hold(
      fc.property(predictions, fc.integer({ min: 1, max: 12 }), ({ hazards, outcomes }, bins) => {
        const found = reliability(hazards, outcomes, bins);
        const known = [...outcomes.keys()].filter((i) => outcomes[i] >= 0);
        const total = (value: (bin: (typeof found)[number]) => number) =>
          found.reduce((sum, bin) => sum + value(bin), 0);
        assert(found.length <= bins);
        assert.equal(
          total((bin) => bin.predictions),
          known.length,
        );
        const close = (a: number, b: number) => assert(Math.abs(a - b) < 1e-6, `${a}, ${b}`);
        close(
          total((bin) => bin.predictions * bin.observed),
          known.reduce((sum, i) => sum + outcomes[i], 0),
        );
        close(
          total((bin) => bin.predictions * bin.predicted),
          known.reduce((sum, i) => sum + hazards[i], 0),
        );
        for (let i = 1; i < found.length; i++) assert(found[i].predicted > found[i - 1].predicted);
      }),
    );
  },
);

t.test('the cross-entropy is what it is by hand, and least for the share that came true', async (t) => {
  const outcomes = Int8Array.of(1, 0, -1, 0);
  const weights = Float32Array.of(1, 2);
  const by = (p: number) => -(Math.log(p) + Math.log(1 - p) + 2 * Math.log(1 - p)) / 4;
  const at = (p: number) => crossEntropy(new Float32Array(4).fill(p), outcomes, weights);
  for (const p of [0.1, 0.25, 0.7]) t.ok(Math.abs(at(p) - by(p)) < 1e-6);
  t.ok(at(0.25) < at(0.2) && at(0.25) < at(0.3));
  t.equal(crossEntropy(new Float32Array(2), Int8Array.of(-1, -1), Float32Array.of(1)), 0);
});
