import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { capacityTicks } from '../../src/report/ticks.ts';
import { hold } from '../arbitraries.ts';

t.test('an axis is marked where it was measured, or at round numbers', async (t) => {
  t.strictSame(capacityTicks([1000, 5000, 10_000], [870, 11_500]), [1000, 5000, 10_000]);
  t.strictSame(capacityTicks([40, 50, 70, 90, 200, 300, 400], [35, 460]), [50, 100, 200]);
  t.strictSame(
    capacityTicks([1, 3, 9, 99, 999, 9999, 99_999], [0.9, 115_000]),
    [1, 10, 100, 1000, 10_000, 100_000],
  );
  t.strictSame(
    capacityTicks([210, 220, 230, 240, 250, 260, 270], [190, 310]),
    [210, 220, 230, 240, 250, 260, 270],
  );
});

t.test('of many capacities the marks lie within the axis, at least a factor of two apart', async () => {
  const limits = fc.record({
    low: fc.integer({ min: 1, max: 1000 }),
    times: fc.integer({ min: 10, max: 1e6 }),
  });
  const property = fc.property(limits, ({ low, times }) => {
    const ticks = capacityTicks([1, 2, 3, 4, 5, 6, 7], [low, low * times]);
    assert.ok(ticks.length >= 1 && ticks[0] >= low && (ticks.at(-1) as number) <= low * times);
    for (let i = 1; i < ticks.length; i++) assert.ok(ticks[i] >= 2 * ticks[i - 1], `${ticks}`);
  });
  hold(property, 300);
});
