import { Failure } from '../support/failure.ts';
import type { BlockHash } from './block-hash.ts';
import { BlockManager, type ManagerSettings } from './block-manager.ts';
import type { Link } from './link.ts';

/** A slower, larger place for blocks: host memory, a disk, another machine. */
export interface TierSettings
  extends Pick<ManagerSettings, 'capacity' | 'policy' | 'hashBytes' | 'remembered'> {
  readonly name: string;
  /** The way to the device. Its `ratio` is that of the codec, 1 without one. */
  readonly link: Link;
  /** Error that the codec leaves in a block, in a unit of the caller's choice; 0 if absent. */
  readonly error?: number;
}

/**
 * One tier below the device: a set of blocks, each on its own, since what makes a block useful may lie in a tier above. Its
 * policy chooses who makes room, and who does is handed to `pass`.
 */
export class Tier {
  readonly settings: TierSettings;
  /** Blocks that came in, that were read, and that left for want of room. */
  stored = 0;
  read = 0;
  passed = 0;
  private readonly blocks: BlockManager;
  private taking = false;

  /**
   * @param pass told of each block that leaves to make room
   * @throws Failure for a link or codec that cannot be
   */
  constructor(settings: TierSettings, pass: (hash: BlockHash) => void) {
    const { name, link, error = 0 } = settings;
    if (!(link.bandwidth > 0 && link.latency >= 0 && link.ratio > 0 && error >= 0))
      throw new Failure(`tier ${name}: bandwidth and ratio must be above 0, latency and error not below`);
    this.settings = settings;
    this.blocks = new BlockManager({
      ...settings,
      onEvent: (event) => {
        if (event.type !== 'BlockRemoved' || this.taking) return;
        this.passed += event.block_hashes.length;
        event.block_hashes.forEach(pass);
      },
    });
  }

  get size(): number {
    return this.blocks.size;
  }

  has(hash: BlockHash): boolean {
    return this.blocks.match([hash]) === 1;
  }

  /** Stores a block, or touches it where it is there already. @returns whether it is new */
  store(hash: BlockHash): boolean {
    const lease = this.blocks.allocate([hash]);
    // Nothing here is ever pinned, so there is always room for one.
    if (lease === null) return false;
    this.blocks.release(lease);
    if (lease.matched === 1) return false;
    this.stored++;
    return true;
  }

  /** Takes a block out, if it is there. */
  take(hash: BlockHash): boolean {
    this.taking = true;
    const taken = this.blocks.remove(hash);
    this.taking = false;
    return taken;
  }

  /** Empties it, and tells of how many blocks. */
  clear(): number {
    const { size } = this;
    this.taking = true;
    this.blocks.clear();
    this.taking = false;
    return size;
  }

  /** @throws Error if any structure has lost track */
  audit(): void {
    this.blocks.audit();
  }
}
