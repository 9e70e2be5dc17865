/**
 * The classical randomised combination of two policies (Blum and Burch, *On-line learning and the metrical task system
 * problem*, Machine Learning 2000), as in the published experiments of arXiv 2003.02144: each policy has a weight, which
 * a fault of its simulation multiplies by 1 − ε/2; the side followed is random with probabilities proportional to the
 * weights, and changes as rarely as that allows. At most (1 + ε)·min of the two in expectation, plus a constant that
 * depends on ε and k. What else it does, and O(1) a request, is told in `switch`.
 */
import type { PolicyDefinition, Run } from '../../paging/definition.ts';
import type { Policy } from '../../paging/policy.ts';
import { Failure } from '../../support/failure.ts';
import type { Random } from '../../support/random.ts';
import { needsOfBoth, Switch, type SwitchRule } from './switch.ts';

const COIN = 2 ** 32;

class WeightedRule implements SwitchRule {
  /** Probability that the side which is followed now is followed. */
  private probability = 0.5;
  private readonly penalty: number;
  private readonly random: Random;

  constructor(epsilon: number, random: Random) {
    this.penalty = 1 - epsilon / 2;
    this.random = random;
  }

  changes(hit: boolean, otherHit: boolean): boolean {
    const before = this.probability;
    const here = before * (hit ? 1 : this.penalty);
    const there = (1 - before) * (otherHit ? 1 : this.penalty);
    this.probability = here / (here + there);
    if (this.probability >= before || this.random.below(COIN) * before >= (before - this.probability) * COIN)
      return false;
    this.probability = 1 - this.probability;
    return true;
  }
}

/**
 * @param policies fresh runs for the same capacity
 * @param epsilon ε, 0 < ε ≤ 1
 */
export function switchByWeights(
  { capacity, pageCount, random }: Run,
  policies: readonly [Policy, Policy],
  epsilon: number,
): Switch {
  const first = random.below(2);
  const rule = new WeightedRule(epsilon, random);
  return new Switch(capacity, pageCount, policies[first], policies[1 - first], rule);
}

export const weightedSwitch: PolicyDefinition = {
  summary: 'follows one of two policies at random, with weights that fall with each fault',
  reference: 'Blum and Burch, Machine Learning 2000; Wei, APPROX 2020, arXiv 2005.13716',
  wraps: 2,
  example: 'weighted-switch(follow-the-prediction,marker)',
  parameters: { epsilon: 0.5 },
  needs: needsOfBoth('weighted-switch'),
  randomised: true,
  create: (run, [first, second], { epsilon }) => {
    if (epsilon > 0 && epsilon <= 1) return switchByWeights(run, [first, second], epsilon);
    throw new Failure(`weighted-switch: epsilon=${epsilon} is not above 0 and at most 1; take 0.5`);
  },
};
