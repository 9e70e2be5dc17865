import assert from 'node:assert/strict';
import t from 'tap';
import { type Random, SeededRandom } from '../../src/support/random.ts';
import { RandomOrder } from '../../src/support/random-order.ts';
import { expectation } from '../../src/verify/coin-tree.ts';

/** The integers 0 … n − 1 in the order drawn. */
function drawn(n: number, random: Random, backwards = false): number[] {
  const order = new RandomOrder(n, random);
  const integers = Array.from({ length: n }, (_, i) => i);
  for (const i of backwards ? integers.toReversed() : integers) order.key(i);
  return integers.sort((a, b) => order.key(a) - order.key(b));
}

t.test('n integers take each of their n! orders with the same probability', async (t) => {
  for (const backwards of [false, true]) {
    const seen = new Map<string, number>();
    expectation((random) => {
      const order = drawn(5, random, backwards).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
      return 0;
    });
    t.equal(seen.size, 120);
    t.ok([...seen.values()].every((times) => times === 1));
  }
});

t.test('what was below stays below, whatever is drawn later', async () => {
  // The worst coins: each new integer stands between the two latest, so that keys are soon exhausted.
  let drawnSoFar = 0;
  const narrowing = { below: () => drawnSoFar++ >> 1 };
  for (const random of [new SeededRandom(3), narrowing, { below: () => 0 }]) {
    const size = 300;
    const order = new RandomOrder(size, random);
    const below = new Map<string, boolean>();
    for (let b = 1; b < size; b++) {
      for (const a of [b - 1, b >> 1, 0]) below.set(`${a} ${b}`, order.isBelow(a, b));
    }
    for (const [pair, before] of below) {
      const [a, b] = pair.split(' ').map(Number);
      assert.equal(order.isBelow(a, b), before, pair);
      assert.notEqual(order.key(a), order.key(b), pair);
    }
  }
});

t.test('an integer that is known tosses no coin', async (t) => {
  let tosses = 0;
  const order = new RandomOrder(4, {
    below: (n) => {
      tosses++;
      return n - 1;
    },
  });
  for (const i of [2, 0, 2, 0, 0, 2]) order.key(i);
  t.equal(tosses, 1);
  t.ok(order.isBelow(2, 0));
});
