/**
 * The rule of `switch`: a favourite, the first policy, is followed on credit, and left for one that can be relied on, the second. What
 * counts is an account, the faults *saved* so far against the second policy alone, and a *lag*: by how much the followed policy has
 * faulted more often than the other, since the moment of this side that was best for it.
 *
 *   - The first is left when it lags by more than the margin m, or by more than chance explains: of d requests that only one of two equal
 *     policies hits, either has half, give or take some √d. It may lag further by a two-hundredth of what was saved.
 *   - It is followed again when it leads by m/2, or by twice the debt if that is more. Each time that following it saved nothing, twice
 *     the lead is needed, until it does save. 5m are always enough.
 *   - In debt each time it is left half as long a lag is enough to leave it again.
 *
 * So predictions that are good and bad in turn do not cost a margin each time, good ones are not given up for a bad spell that they have paid
 * for, and bad ones are soon left, and asked again only when they could pay for what they have cost.
 *
 * The classical rule (Fiat et al. 1991; Blum and Burch 2000; Wei, *Better and simpler learning-augmented online caching*, APPROX
 * 2020) changes sides when the total cost exceeds a *factor* of the other's. At the hit ratios of KV caches even the worst policy
 * faults only a few percent more often than LRU, so a factor never fires; a margin does. And totals since the start react late when
 * good bits turn bad; a lag since the best moment is the cumulative-sum test of Page, *Continuous inspection schemes*, Biometrika 1954.
 * The numbers were chosen on traces, as experiments/gap-closed says.
 *
 * Bound [derived]. With F and S the faults of the first and the second policy alone and n the changes of side,
 *   faults ≤ (1 + (2k + 1)/(5m + 1))·S + 9m/2 + 2k + 2   and   faults ≤ F + (5m + 1)(n + 1)/2 + kn.
 * Proof. By `switch` faults are at most those of the followed policy and k for each change. The lag is at least the difference of the two
 * counts over the stretch so far and grows by at most 1 a request, so a stretch that follows the second costs at most 5m + 1 beyond
 * F's part, and there are at most (n + 1)/2 of those: the second bound. For the first, let t be the last request at
 * which the debt, the faults before t less S so far, is at most 5m/2: the faults up to t are at most S up to t, 5m/2 and 1. In all later
 * requests the debt is larger. There, stretches that follow the first exceed S's part by at most m + 1,
 * ⌊m/2⌋ + 1, ⌊m/4⌋ + 1, …: 2m + a for a of them. Each of these but the first begins where a stretch of the second
 * ends with a lag above 5m, in which S has 5m + 1 faults or more: with c such ends, c ≤ S/(5m + 1), a ≤ c + 1, and at most 2c + 1 changes after
 * t. The pages missing at t and after each change are k at most: faults ≤ S + 5m/2 + 1 + 2m + (c + 1) + k(2c + 2). ∎
 *
 * O(1) a request.
 */

import type { PolicyDefinition } from '../../paging/definition.ts';
import type { Guarantee } from '../../paging/guarantee.ts';
import { needsOfBoth, Switch, type SwitchRule } from './switch.ts';

/** Of √k: see `marginFor`. */
const MARGIN_PER_ROOT = 5;
/**
 * Of √d: what chance explains. Blocks of a request hit or miss together, some 24 in KV caches, which makes chance √24 times as wide as single
 * coins would: two of its standard deviations.
 */
const CHANCE = 10;
/** What must have been saved for each fault by which the first policy may lag beyond that. */
const STAKE = 200;
/** Of the margin: the least and the most by which the first policy must lead to be followed again; and in between, of the debt. */
const [LEAST_LEAD, MOST_LEAD, LEAD_PER_DEBT] = [0.5, 5, 2];

/**
 * By how many faults a policy that is followed may lag, in a cache of k pages. Two good policies lead in turn, by as many faults as what their caches still
 * hold of the past decides: of k pages, each kept or lost about by chance, some √k. A margin below that changes sides for
 * nothing; one far above costs a small cache, which has few hits to lose, more than it protects.
 *
 * @param margin the most, ≥ 0; a fraction counts as its whole part
 * @param capacity k
 */
export function marginFor(margin: number, capacity: number): number {
  return Math.floor(Math.min(margin, MARGIN_PER_ROOT * Math.sqrt(capacity)));
}

export class Trust implements SwitchRule {
  private followsFirst = true;
  /** Faults of the second policy alone beyond those of the real cache; negative in debt. */
  private saved = 0;
  /** Faults of the followed policy beyond the other's, since the best moment of this side. */
  private lag = 0;
  /** Requests on this side that only one of the two hit. */
  private differed = 0;
  private readonly margin: number;
  /** By how much the first policy may lag when nothing was saved. */
  private patience: number;
  /** By how much it must lead to be followed again when nothing is owed. */
  private lead: number;
  /** What was saved when it was followed the last time. */
  private savedBefore = 0;

  /** @param margin m, a whole number of faults ≥ 0 */
  constructor(margin: number) {
    this.margin = margin;
    this.patience = margin;
    this.lead = LEAST_LEAD * margin;
  }

  changes(hit: boolean, otherHit: boolean, realHit: boolean): boolean {
    if (!(this.followsFirst ? otherHit : hit)) this.saved++;
    if (hit !== otherHit) {
      this.differed++;
      this.lag = Math.max(0, this.lag + (otherHit ? 1 : -1));
    }
    if (this.saved >= 0) this.patience = this.margin;
    const change = this.lag > this.allowance();
    if (change) this.changeSides();
    if (!realHit) this.saved--;
    return change;
  }

  private changeSides(): void {
    const { margin, saved } = this;
    this.lag = 0;
    this.differed = 0;
    if (this.followsFirst) {
      this.patience = Math.floor(this.patience / 2);
      this.lead =
        saved > this.savedBefore ? LEAST_LEAD * margin : Math.min(MOST_LEAD * margin, 2 * this.lead);
    } else this.savedBefore = saved;
    this.followsFirst = !this.followsFirst;
  }

  private allowance(): number {
    const { followsFirst, margin, saved } = this;
    if (followsFirst)
      return Math.min(this.patience, CHANCE * Math.sqrt(this.differed)) + Math.max(0, saved) / STAKE;
    return Math.min(MOST_LEAD * margin, Math.max(this.lead, -LEAD_PER_DEBT * saved));
  }
}

/** What the bound makes of what the second policy promises. */
function fallBackGuarantee(second: Guarantee | undefined, margin: number): Guarantee | undefined {
  if (second === undefined) return undefined;
  const factor = (k: number) => 1 + (2 * k + 1) / (MOST_LEAD * marginFor(margin, k) + 1);
  return {
    alpha: (k) => factor(k) * second.alpha(k),
    beta: (k) => factor(k) * second.beta(k),
    gamma: (k) => factor(k) * second.gamma(k),
    additive: (k) => factor(k) * second.additive(k) + 4.5 * marginFor(margin, k) + 2 * k + 2,
    standing: 'derived',
    reference: REFERENCE,
  };
}

const REFERENCE = 'after Fiat et al. 1991 and Wei, APPROX 2020; account, margins and bound: this project';

export const switchBetween: PolicyDefinition = {
  summary:
    'follows the first policy until it lags by more than chance explains or the margin allows (at most 5√k), then the second',
  reference: REFERENCE,
  wraps: 2,
  example: 'switch(discard(lru),lru)',
  parameters: { margin: 500 },
  needs: needsOfBoth('switch'),
  guarantee: ([, second], { margin }) => fallBackGuarantee(second.guarantee, margin),
  create: ({ capacity, pageCount }, [first, second], { margin }) =>
    new Switch(capacity, pageCount, first, second, new Trust(marginFor(margin, capacity))),
};
