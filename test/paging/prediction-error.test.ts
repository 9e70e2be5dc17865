import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { predictionError } from '../../src/paging/prediction-error.ts';
import { hold } from '../arbitraries.ts';

const pairs = fc.array(fc.nat({ max: 3 }), { size: 'max', maxLength: 100 });

t.test(
  'η0 counts predicted 0s whose label is 1, η1 predicted 1s whose label is 0, from a step on',
  async () => {
    hold(
      fc.property(pairs, fc.nat({ max: 100 }), (numbers, number) => {
        const from = number % (numbers.length + 1);
        const predicted = Uint8Array.from(numbers, (pair) => pair >> 1);
        const labels = Uint8Array.from(numbers, (pair) => pair & 1);
        const scored = numbers.slice(from);
        assert.deepEqual(predictionError(predicted, labels, from), {
          eta0: scored.filter((pair) => pair === 0b01).length,
          eta1: scored.filter((pair) => pair === 0b10).length,
        });
      }),
    );
  },
);

t.test('the true labels have no error, their opposites an error at every step', async () => {
  hold(
    fc.property(pairs, (numbers) => {
      const labels = Uint8Array.from(numbers, (number) => number & 1);
      const opposite = labels.map((label) => 1 - label);
      assert.deepEqual(predictionError(labels, labels), { eta0: 0, eta1: 0 });
      const { eta0, eta1 } = predictionError(opposite, labels);
      assert.equal(eta0 + eta1, labels.length);
    }),
  );
});

t.test('bits and labels of different lengths are a defect', async (t) => {
  t.throws(() => predictionError(new Uint8Array(2), new Uint8Array(3)), {
    message: /2 predicted bits, 3 labels/,
  });
});
