/**
 * The classical deterministic combination of two policies (Fiat et al. 1991; Blum and Burch 2000), as in the published
 * experiments of arXiv 2003.02144: follow one policy until its simulated faults exceed a bound that starts at 1; then
 * change sides and raise the bound by a factor. Costs O(1) times the better of the two; what else it does, and O(1) a
 * request, is told in `switch`.
 */
import type { Policy } from '../../paging/policy.ts';
import { Switch } from './switch.ts';

export class BoundedSwitch extends Switch {
  private bound = 1;
  private readonly factor: number;

  /** @param factor by which the bound grows at each change of side, > 1 */
  constructor(capacity: number, pageCount: number, first: Policy, second: Policy, factor: number) {
    super(capacity, pageCount, first, second, 0);
    this.factor = factor;
  }

  protected override mustChange(): boolean {
    let [here, there] = [this.followed.faults, this.other.faults];
    let change = false;
    while (here > this.bound) {
      change = !change;
      this.bound *= this.factor;
      [here, there] = [there, here];
    }
    return change;
  }
}
