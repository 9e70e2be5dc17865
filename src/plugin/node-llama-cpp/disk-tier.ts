import { BlockManager } from '../../kvcache/block-manager.ts';
import type { Complaints } from './complaints.ts';
import { conversationHash, conversationKey, KEY_BYTES } from './conversation-key.ts';
import type { EngineSequence } from './engine.ts';
import { type OnlinePolicy, policyRun } from './online-policy.ts';
import { StateFiles } from './state-files.ts';

/** Most conversations on the disk, whatever their size: 53 bytes of memory each. */
const MOST_FILES = 4096;

export interface DiskTierSettings {
  /** For this cache alone. */
  readonly folder: string;
  /** Most bytes of states; while one is being written its own come in addition. */
  readonly bytes: number;
  readonly fingerprint: string;
  readonly policy: OnlinePolicy;
  readonly seed: number;
}

/**
 * Conversations that have left their sequence, on the disk, within a budget of bytes. What is restored leaves the disk; who has
 * to leave to make room, its own policy says. Every failure of the disk counts as a complaint, and the conversation as not saved.
 */
export class DiskTier {
  /** Bytes held now. */
  used = 0;
  savedBytes = 0;
  restoredBytes = 0;
  /** Conversations that have left to make room, or were larger than the budget. */
  evictions = 0;
  private readonly budget: number;
  private readonly files: StateFiles;
  private readonly order: BlockManager;
  private readonly bytesOf = new Map<string, number>();
  private readonly complaints: Complaints;

  /** @throws Failure where the folder cannot be used */
  constructor({ folder, bytes, fingerprint, policy, seed }: DiskTierSettings, complaints: Complaints) {
    this.budget = bytes;
    this.complaints = complaints;
    this.order = new BlockManager({
      capacity: MOST_FILES,
      hashBytes: KEY_BYTES,
      needs: policy.needs,
      policy: policyRun(policy, seed),
      onEvent: (event) => {
        if (event.type === 'BlockRemoved') this.erase(conversationKey(event.block_hashes[0] as Uint8Array));
        if (event.type === 'PolicyDismissed')
          complaints.add('policy', `the disk's policy failed (${event.reason}); LRU goes on in its place`);
      },
    });
    this.files = new StateFiles(folder, fingerprint, complaints);
    for (const state of this.files.scan()) this.enter(state.key, state.bytes, 0);
    this.makeRoom(0);
  }

  /** Conversations held now. */
  get size(): number {
    return this.bytesOf.size;
  }

  has(key: string): boolean {
    return this.bytesOf.has(key);
  }

  /** Saves a conversation that leaves its sequence. @param bit what was said of it last */
  async save(key: string, sequence: EngineSequence, bit: number): Promise<void> {
    this.forget(key);
    try {
      const bytes = await this.files.save(key, sequence, (bytes) => this.makeRoom(bytes));
      if (bytes === undefined) this.evictions++;
      else {
        this.enter(key, bytes, bit);
        this.savedBytes += bytes;
      }
    } catch (error) {
      this.complaints.add(
        'saving',
        `a conversation could not be saved (${(error as Error).message}) and will be computed again; ` +
          'look for a full disk or missing permissions',
      );
    }
  }

  /**
   * Brings a conversation back into an empty sequence, and takes it off the disk.
   *
   * @returns `failed` where the sequence is in doubt and must not be used
   */
  async restore(key: string, sequence: EngineSequence): Promise<'restored' | 'absent' | 'failed'> {
    const bytes = this.bytesOf.get(key);
    if (bytes === undefined) return 'absent';
    try {
      if (!(await this.files.load(key, sequence))) return 'absent';
      this.restoredBytes += bytes;
      return 'restored';
    } catch (error) {
      this.complaints.add(
        'restoring',
        `the engine refused a saved conversation (${(error as Error).message}), which starts anew; ` +
          'use contexts of the same size, or delete the folder',
      );
      return 'failed';
    } finally {
      this.forget(key);
    }
  }

  /** Takes a conversation off the disk, if it is there. */
  forget(key: string): void {
    this.order.remove(conversationHash(key));
  }

  /** Lets go of the folder; the states stay for the next process. */
  close(): void {
    this.files.close();
  }

  /** @throws Error if the bytes or the order have lost track of a conversation */
  audit(): void {
    this.order.audit();
  }

  /** Lets conversations go until so many bytes fit; `false` where they never will. */
  private makeRoom(bytes: number): boolean {
    if (bytes > this.budget) return false;
    while (this.used + bytes > this.budget) {
      this.order.evict(1);
      this.evictions++;
    }
    return true;
  }

  private enter(key: string, bytes: number, bit: number): void {
    const lease = this.order.allocate([conversationHash(key)], Uint8Array.of(bit));
    // Nothing here is ever pinned, so there is always room.
    if (lease === null) return;
    this.order.release(lease);
    this.bytesOf.set(key, bytes);
    this.used += bytes;
  }

  private erase(key: string): void {
    this.used -= this.bytesOf.get(key) ?? 0;
    this.bytesOf.delete(key);
    this.files.remove(key);
  }
}
