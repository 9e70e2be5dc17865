import type { Predictions } from '../paging/policy.ts';
import { assert } from '../support/failure.ts';
import type { BlockHash } from './block-hash.ts';
import { BlockManager, type Lease, type ManagerSettings } from './block-manager.ts';
import type { Path } from './block-pool.ts';
import { Tier, type TierSettings } from './tier.ts';

export interface TieredSettings {
  readonly device: ManagerSettings;
  /** Fastest first; none is allowed. */
  readonly tiers: readonly TierSettings[];
  /** Whether each new block is written to the first tier at once, or only when it leaves the device. */
  readonly writeThrough: boolean;
}

/** Consecutive blocks of a path that lay in one tier. */
export interface Fetch {
  /** Number of the tier, 0 for the first below the device. */
  readonly tier: number;
  readonly blocks: number;
}

export interface TieredLease extends Lease {
  /** What came from below, head first, right after the blocks that the device had. */
  readonly fetched: readonly Fetch[];
}

/**
 * A device cache with tiers below it. What leaves a tier for want of room goes to the next one, and what leaves the last is
 * dropped; what is asked for comes back to the device.
 *
 * Write-back: every block is in one tier alone. It is written down when it leaves the device and taken out below when it
 * comes back, so blocks stored = blocks in all tiers + blocks dropped. Write-through: the first tier is written when the
 * device is, and keeps its copy; no tier holds a block twice.
 */
export class TieredCache {
  readonly device: BlockManager;
  readonly tiers: readonly Tier[];
  /** Blocks that have left the last tier, or the device where there is none below. */
  dropped = 0;
  /** Blocks computed on the device, not counting those that came from below. */
  computed = 0;
  private readonly writeThrough: boolean;
  /** How many of the blocks that the device stores next come from below. */
  private arriving = 0;
  private emptying = false;

  /** @throws Failure for settings that cannot be */
  constructor({ device, tiers, writeThrough }: TieredSettings) {
    this.writeThrough = writeThrough;
    this.tiers = tiers.map((settings, i) => new Tier(settings, (hash) => this.demote(hash, i + 1)));
    this.device = new BlockManager({
      ...device,
      onEvent: (event) => {
        if (event.type === 'BlockRemoved') for (const hash of event.block_hashes) this.leave(hash);
        if (event.type === 'BlockStored') this.enter(event.block_hashes);
        device.onEvent?.(event);
      },
    });
  }

  /** Where the blocks of a path are: how many on the device, then runs in the tiers, up to the first that is nowhere. */
  find(path: Path): { resident: number; below: Fetch[] } {
    const resident = this.device.match(path);
    const below: { tier: number; blocks: number }[] = [];
    for (let i = resident; i < path.length; i++) {
      const tier = this.tiers.findIndex((tier) => tier.has(path[i]));
      if (tier < 0) break;
      const last = below.at(-1);
      if (last?.tier === tier) last.blocks++;
      else below.push({ tier, blocks: 1 });
    }
    return { resident, below };
  }

  /**
   * Admits a request as `BlockManager.allocate` does, and brings up what lies below.
   *
   * @throws Failure as `BlockManager.allocate` does
   */
  allocate(path: Path, predictions?: Predictions, privateBlocks = 0): TieredLease | null {
    if (!this.device.hasRoom(path, privateBlocks)) return null;
    const { resident, below } = this.find(path);
    let at = resident;
    for (const { tier, blocks } of below) {
      this.tiers[tier].read += blocks;
      for (const end = at + blocks; at < end; at++) this.raise(path[at], tier);
    }
    this.clearBelow(path, at);
    this.arriving = at - resident;
    const lease = this.device.allocate(path, predictions, privateBlocks);
    assert(lease !== null && this.arriving === 0, 'there was room');
    return { ...lease, fetched: below };
  }

  /** Blocks of a running request are full now; see `BlockManager.complete`. */
  complete(lease: Lease, hashes: Path, predictions?: Predictions): void {
    this.clearBelow(hashes, this.device.match(hashes));
    this.device.complete(lease, hashes, predictions);
  }

  /** Empties all tiers, or changes nothing and answers `false` while a request holds anything. */
  clear(): boolean {
    this.emptying = true;
    const cleared = this.device.clear();
    if (cleared) for (const tier of this.tiers) this.dropped += tier.clear();
    this.emptying = false;
    return cleared;
  }

  /** @throws Error if a block was lost or doubled */
  audit(): void {
    this.device.audit();
    for (const tier of this.tiers) tier.audit();
    if (this.writeThrough) return;
    const held = this.tiers.reduce((sum, { size }) => sum + size, this.device.size);
    assert(held + this.dropped === this.computed, 'a block was lost or doubled');
  }

  /** Before a block is stored on the device: its copy below goes, but for the first tier's when writing through. */
  private raise(hash: BlockHash, tier: number): void {
    if (!this.writeThrough || tier > 0) this.tiers[tier].take(hash);
    if (this.writeThrough && tier > 0) this.demote(hash, 0);
  }

  /** Blocks about to be computed although a tier has them, behind one that no tier has: what is below is out of date. */
  private clearBelow(path: Path, from: number): void {
    for (let i = from; i < path.length; i++) {
      for (const tier of this.tiers) if (tier.take(path[i])) this.dropped++;
    }
  }

  private enter(hashes: readonly BlockHash[]): void {
    // Stored head first: those from below come before those that were computed.
    const arrived = Math.min(this.arriving, hashes.length);
    this.arriving -= arrived;
    this.computed += hashes.length - arrived;
    if (this.writeThrough) for (const hash of hashes.slice(arrived)) this.demote(hash, 0);
  }

  private leave(hash: BlockHash): void {
    if (this.emptying) this.dropped++;
    // Written through, it is below already, unless it was dropped there meanwhile.
    else if (!this.writeThrough || !this.tiers.some((tier) => tier.has(hash))) this.demote(hash, 0);
  }

  private demote(hash: BlockHash, to: number): void {
    const tier = this.tiers[to];
    if (tier === undefined) this.dropped++;
    else tier.store(hash);
  }
}
