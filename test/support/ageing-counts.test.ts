import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { AgeingCounts } from '../../src/support/ageing-counts.ts';
import { hold } from '../arbitraries.ts';

t.test('it counts as counters do that are all halved at every sample', async () => {
  const counted = fc.array(fc.nat({ max: 3 }), { size: 'max', maxLength: 120 });
  hold(
    fc.property(counted, fc.integer({ min: 2, max: 50 }), (indices, sample) => {
      const counts = new AgeingCounts(4, sample);
      const model = [0, 0, 0, 0];
      let made = 0;
      for (const index of indices) {
        counts.add(index);
        model[index] = Math.min(15, model[index] + 1);
        made++;
        if (made === sample) {
          made = Math.floor(made / 2);
          for (let i = 0; i < 4; i++) model[i] = Math.floor(model[i] / 2);
        }
        assert.deepEqual(
          model.map((_, i) => counts.of(i)),
          model,
        );
      }
    }),
  );
});
