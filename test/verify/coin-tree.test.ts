import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Random } from '../../src/support/random.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { expectation } from '../../src/verify/coin-tree.ts';
import { hold } from '../arbitraries.ts';

t.test('the expectation of dice, and of rules that toss again depending on what fell', async (t) => {
  t.equal(
    expectation(() => 7),
    7,
    'no coin',
  );
  t.equal(
    expectation((random) => random.below(6) + 1),
    3.5,
  );
  const untilHeads = (random: Random, most: number): number => {
    let tosses = 1;
    while (tosses < most && random.below(2) === 0) tosses++;
    return tosses;
  };
  t.equal(
    expectation((random) => untilHeads(random, 3)),
    1.75,
  );
  const dieOfDice = (random: Random) => random.below(random.below(4) + 1);
  t.equal(expectation(dieOfDice), 0.75);
});

t.test('every combination of outcomes is one leaf, weighted with the product of 1/n', async () => {
  hold(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), (sizes) => {
      const seen = new Map<string, number>();
      const sum = expectation((random) => {
        const outcomes = sizes.map((n) => random.below(n)).join();
        seen.set(outcomes, (seen.get(outcomes) ?? 0) + 1);
        return 1;
      });
      assert(Math.abs(sum - 1) < 1e-12);
      assert.equal(
        seen.size,
        sizes.reduce((product, n) => product * n, 1),
      );
      assert([...seen.values()].every((times) => times === 1));
    }),
  );
});

t.test('it agrees with sampling', async (t) => {
  // Mean length of the longest run of equal outcomes in six tosses of a three-sided die.
  const longestRun = (random: Random) => {
    let longest = 1;
    let run = 1;
    let last = random.below(3);
    for (let i = 1; i < 6; i++) {
      const outcome = random.below(3);
      run = outcome === last ? run + 1 : 1;
      last = outcome;
      longest = Math.max(longest, run);
    }
    return longest;
  };
  const random = new SeededRandom(11);
  let sum = 0;
  for (let i = 0; i < 40_000; i++) sum += longestRun(random);
  t.ok(Math.abs(sum / 40_000 - expectation(longestRun)) < 0.02);
});

t.test('a certain outcome is no branch', async (t) => {
  let leaves = 0;
  expectation((random) => {
    leaves++;
    return random.below(1) + random.below(1) + random.below(2);
  });
  t.equal(leaves, 2);
});

t.test(
  'too many leaves, an impossible coin and a run that depends on more than its coins are defects',
  async (t) => {
    const tenTosses = (random: Random) => {
      for (let i = 0; i < 10; i++) random.below(2);
      return 0;
    };
    t.equal(expectation(tenTosses, 1024), 0);
    t.throws(() => expectation(tenTosses, 1023), { message: /more than 1023 leaves/ });
    t.throws(() => expectation((random) => random.below(0)), { message: /at least one outcome/ });
    let calls = 0;
    t.throws(() => expectation((random) => random.below(2 + calls++)), {
      message: /not a function of its coins/,
    });
    calls = 0;
    t.throws(() => expectation((random) => (calls++ === 0 ? random.below(2) : 0)), {
      message: /tossed fewer/,
    });
  },
);
