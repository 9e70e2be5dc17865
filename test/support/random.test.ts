import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, seeds } from '../arbitraries.ts';

const draws = (seed: number, count: number, n: number) => {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => random.below(n));
};

t.test('the same seed gives the same numbers', async () => {
  hold(
    fc.property(fc.maxSafeInteger(), (seed) =>
      assert.deepEqual(draws(seed, 20, 1000), draws(seed, 20, 1000)),
    ),
  );
});

t.test('neighbouring seeds give other numbers, and so do seeds 2³² apart', async () => {
  hold(
    fc.property(seeds, (seed) => {
      assert.notDeepEqual(draws(seed, 8, 2 ** 32), draws(seed + 1, 8, 2 ** 32));
      assert.notDeepEqual(draws(seed, 8, 2 ** 32), draws(seed + 2 ** 32, 8, 2 ** 32));
    }),
  );
});

t.test('the first values never change from version to version', async (t) => {
  const random = new SeededRandom(1);
  t.strictSame([random.bits(), random.bits(), random.bits()], [573063952, 3268221502, 703077755]);
  t.strictSame(draws(2024, 8, 10), [9, 2, 9, 8, 3, 1, 1, 1]);
});

t.test('every draw is an integer in 0 … n − 1, and uniform() lies in [0, 1)', async () => {
  hold(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
      for (const draw of draws(seed, 10, n)) assert(Number.isInteger(draw) && draw >= 0 && draw < n);
      const uniform = new SeededRandom(seed).uniform();
      assert(uniform >= 0 && uniform < 1);
    }),
  );
});

t.test('outcomes are about equally frequent', async (t) => {
  for (const n of [2, 3, 7, 10]) {
    const counts = new Array(n).fill(0);
    for (const draw of draws(n, 70_000, n)) counts[draw]++;
    const expected = 70_000 / n;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Ten degrees of freedom or fewer: beyond 35 once in ten thousand seeds.
    t.ok(chiSquare < 35, `chi square of ${n} outcomes is ${chiSquare.toFixed(1)}`);
  }
});

t.test('normal and exponential draws have their mean and variance', async (t) => {
  const random = new SeededRandom(5);
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 50_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
  };
  for (const [name, draw, expected] of [
    ['normal', () => random.normal(), [0, 1]],
    ['exponential', () => random.exponential(), [1, 1]],
  ] as const) {
    const found = moments(draw);
    t.ok(
      Math.abs(found[0] - expected[0]) < 0.03 && Math.abs(found[1] - expected[1]) < 0.06,
      `${name}: ${found}`,
    );
  }
});
