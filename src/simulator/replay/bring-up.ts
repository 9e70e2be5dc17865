import type { CostModel } from '../../kvcache/cost-model.ts';
import type { Link } from '../../kvcache/link.ts';
import type { Fetch } from '../../kvcache/tiered-cache.ts';

/** What it takes to have on the device what lay in the tiers below. */
export interface BroughtUp {
  /** Tokens of the prompt that are on the device then. */
  readonly cached: number;
  readonly seconds: number;
  /** Blocks loaded from each tier, and the bytes that moved for them. */
  readonly loaded: readonly number[];
  readonly bytes: readonly number[];
  /** Tokens that were computed again because that was faster than loading them. */
  readonly recomputed: number;
}

/**
 * Loads each run of blocks or computes it again, whichever is faster, one after the other.
 *
 * @param links the way to the device from each tier
 * @param cached tokens on the device, before the runs
 * @param fetched runs of consecutive blocks
 */
export function bringUp(
  cost: CostModel,
  links: readonly Link[],
  cached: number,
  fetched: readonly Fetch[],
  blockTokens: number,
): BroughtUp {
  const loaded = links.map(() => 0);
  const bytes = links.map(() => 0);
  let [seconds, recomputed] = [0, 0];
  for (const { tier, blocks } of fetched) {
    const tokens = blocks * blockTokens;
    const link = links[tier];
    const decision = cost.loadOrRecompute(tokens, cached, link);
    seconds += decision.seconds;
    cached += tokens;
    if (decision.load) {
      loaded[tier] += blocks;
      bytes[tier] += tokens * cost.kvBytesPerToken * link.ratio;
    } else recomputed += tokens;
  }
  return { cached, seconds, bytes, loaded, recomputed };
}
