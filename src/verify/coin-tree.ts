/**
 * Exact expectations of randomised runs. A run is a function of its coins; all ways the coins can fall form a tree, whose
 * nodes are tosses and whose leaves are runs. Walking it leaf by leaf gives the expectation without sampling.
 */
import { assert } from '../support/failure.ts';
import type { Random } from '../support/random.ts';

/** Coins that follow one path of the tree: known outcomes first, then always the first outcome of each new toss. */
class PathOfCoins implements Random {
  /** Product of 1/n over the tosses of this run: how likely its leaf is. */
  probability = 1;
  private readonly outcomes: number[] = [];
  private readonly sizes: number[] = [];
  private tosses = 0;

  below(n: number): number {
    assert(Number.isSafeInteger(n) && n > 0, 'a coin needs at least one outcome');
    // A certain outcome is no branch.
    if (n === 1) return 0;
    const toss = this.tosses++;
    if (toss === this.sizes.length) {
      this.sizes.push(n);
      this.outcomes.push(0);
    }
    assert(
      this.sizes[toss] === n,
      'the run is not a function of its coins: the same outcomes led to another toss',
    );
    this.probability /= n;
    return this.outcomes[toss];
  }

  /** Turns to the next leaf, depth first. False when all have been visited. */
  advance(): boolean {
    assert(
      this.tosses === this.sizes.length,
      'the run is not a function of its coins: it tossed fewer than before',
    );
    this.tosses = 0;
    this.probability = 1;
    while (this.sizes.length > 0) {
      const last = this.sizes.length - 1;
      if (++this.outcomes[last] < this.sizes[last]) return true;
      this.outcomes.pop();
      this.sizes.pop();
    }
    return false;
  }
}

/** Thrown where the tree is too large to walk. */
export class TooManyLeaves extends Error {}

/**
 * The exact expectation of a randomised run, up to the rounding of its additions. One call of `run` a leaf.
 *
 * @param run plays once with the coins it is given and returns the outcome; must depend on nothing else
 * @param maximumLeaves most leaves to visit
 * @throws TooManyLeaves when the tree has more leaves; Error when `run` is not a function of its coins
 *
 * @example
 * expectation((random) => random.below(6) + 1); // 3.5
 */
export function expectation(run: (random: Random) => number, maximumLeaves = 1_000_000): number {
  const coins = new PathOfCoins();
  let sum = 0;
  let leaves = 0;
  do {
    if (++leaves > maximumLeaves) {
      throw new TooManyLeaves(
        `the coin tree has more than ${maximumLeaves} leaves; take a smaller instance or allow more`,
      );
    }
    const outcome = run(coins);
    sum += coins.probability * outcome;
  } while (coins.advance());
  return sum;
}
