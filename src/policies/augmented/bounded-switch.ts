/**
 * The classical deterministic combination of two policies (Fiat et al. 1991; Blum and Burch 2000), as in the published
 * experiments of arXiv 2003.02144: follow one policy until its simulated faults exceed a bound that starts at 1; then
 * change sides and raise the bound by a factor. What else it does, and O(1) a request, is told in `switch`.
 *
 * At a bound b the policy followed has at most b + 1 simulated faults and the other at least b / factor, so both together
 * have at most 1 + factor times the better of the two, plus 1 + factor; and each change of side costs at most k. With W
 * the faults of the better one that makes (1 + factor)·W + O(k·log W): with factor near 1 the bound 2·min that Wei states for
 * BlindOracle and LRU (*Better and simpler learning-augmented online caching*, APPROX 2020, arXiv 2005.13716), up to the logarithm.
 */
import type { PolicyDefinition } from '../../paging/definition.ts';
import { Failure } from '../../support/failure.ts';
import { needsOfBoth, Switch, type SwitchRule } from './switch.ts';

export class BoundedRule implements SwitchRule {
  private bound = 1;
  private faults = 0;
  private otherFaults = 0;
  private readonly factor: number;

  /** @param factor by which the bound grows at each change of side, > 1 */
  constructor(factor: number) {
    this.factor = factor;
  }

  changes(hit: boolean, otherHit: boolean): boolean {
    if (!hit) this.faults++;
    if (!otherHit) this.otherFaults++;
    let change = false;
    while (this.faults > this.bound) {
      change = !change;
      this.bound *= this.factor;
      [this.faults, this.otherFaults] = [this.otherFaults, this.faults];
    }
    return change;
  }
}

export const boundedSwitch: PolicyDefinition = {
  summary:
    'follows one of two policies up to a bound on its faults, then the other, and raises the bound by factor',
  reference: 'Fiat et al., J. Algorithms 1991; Wei, APPROX 2020, arXiv 2005.13716',
  wraps: 2,
  example: 'bounded-switch(follow-the-prediction,lru)',
  parameters: { factor: 1.01 },
  needs: needsOfBoth('bounded-switch'),
  create: ({ capacity, pageCount }, [first, second], { factor }) => {
    if (factor > 1) return new Switch(capacity, pageCount, first, second, new BoundedRule(factor));
    throw new Failure(
      `bounded-switch: factor=${factor} does not raise the bound; take one above 1, such as 1.01`,
    );
  },
};
