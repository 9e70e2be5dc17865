import { type BlockTree, isFirstMedium } from './block-tree.ts';
import type { KvEvent } from './kv-events.ts';

/** What the gateway's log tells of a request (`access-log.ts`). */
export interface LoggedRequest {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
  readonly milliseconds?: number;
  readonly cached_length?: number;
}

/** Blocks that an engine stored one after the other: what a request computed. */
export interface Chain {
  /** Its latest block. */
  last: number;
  /** Tokens before its first block, which the request found in the cache. */
  readonly before: number;
  readonly blockSize: number;
  /** Of its first and latest event, in seconds since 1970. */
  readonly began: number;
  ended: number;
}

/** How far the clocks of gateway and engine may differ, and how late the engine may tell. */
const SLACK = 1;
/** Chains and prompts that are remembered until a request claims them. */
const MOST = 1 << 14;

/**
 * Which blocks of the engine each request of the gateway's log had. A request computed the chain that began while it was under
 * way, after as many tokens as it found in the cache. One that computed nothing had the blocks of the earlier request that
 * its prompt begins like.
 */
export class RequestPaths {
  private readonly tree: BlockTree;
  private readonly chains = new Map<number, Chain>();
  /** From a gateway's block to the last engine block of the latest prompt that has it. */
  private readonly known = new Map<number, number>();
  private readonly closed: (chain: Chain) => void;

  /** @param closed told of each chain that no request has claimed */
  constructor(tree: BlockTree, closed: (chain: Chain) => void = () => {}) {
    this.tree = tree;
    this.closed = closed;
  }

  /** Takes in stored blocks. */
  store(event: Extract<KvEvent, { kind: 'stored' }>, seconds: number): void {
    if (!isFirstMedium(event.medium)) {
      // Copies in slower tiers come later and are no request's.
      this.tree.store(event);
      return;
    }
    const parent = event.parent === undefined ? -1 : this.tree.find(event.parent);
    const { last, before } = this.tree.store(event);
    const open = this.chains.get(parent);
    if (open !== undefined && parent >= 0) {
      this.chains.delete(parent);
      open.last = last;
      open.ended = seconds;
      this.put(open);
      return;
    }
    this.put({ last, before, blockSize: event.blockSize, began: seconds, ended: seconds });
    if (this.chains.size > MOST) this.close(this.chains.values().next().value as Chain);
  }

  /** Gives up the chains that have not grown since, in seconds since 1970. */
  closeBefore(seconds: number): void {
    for (const chain of [...this.chains.values()]) if (chain.ended < seconds) this.close(chain);
  }

  /** @returns numbers of the blocks that the request's prompt had, head first; none if they are not found */
  pathOf(request: LoggedRequest): number[] {
    const chain = this.claim(request);
    const last = chain?.last ?? this.recall(request);
    if (last === undefined) return [];
    for (const hash of request.hash_ids) {
      this.known.delete(hash);
      this.known.set(hash, this.tree.keyOf(last));
    }
    while (this.known.size > MOST) this.known.delete(this.known.keys().next().value as number);
    return this.tree.pathTo(last, request.input_length);
  }

  private claim(request: LoggedRequest): Chain | undefined {
    const from = request.timestamp / 1000 - SLACK;
    const to = (request.timestamp + (request.milliseconds ?? 0)) / 1000 + SLACK;
    const { cached_length: cached, input_length: input, output_length: output } = request;
    for (const chain of this.chains.values()) {
      const { began, before, blockSize, last } = chain;
      if (began < from || began > to) continue;
      if (cached !== undefined && Math.abs(before - cached) >= blockSize) continue;
      if (before > input || this.tree.tokensOf(last) > input + output + blockSize) continue;
      // The prompt's whole blocks are stored by the time the answer begins.
      if (this.tree.tokensOf(last) < input - 2 * blockSize) continue;
      this.chains.delete(last);
      return chain;
    }
    return undefined;
  }

  private recall({ hash_ids }: LoggedRequest): number | undefined {
    // All of the prompt was in the cache, but for what its last block may have more than the earlier prompt.
    for (let i = hash_ids.length - 1; i >= Math.max(0, hash_ids.length - 2); i--) {
      const key = this.known.get(hash_ids[i]);
      const block = key === undefined ? -1 : this.tree.find(key);
      if (block >= 0) return block;
    }
    return undefined;
  }

  /** A chain that had the same last block is whole: the block was removed since. */
  private put(chain: Chain): void {
    const before = this.chains.get(chain.last);
    if (before !== undefined) this.close(before);
    this.chains.set(chain.last, chain);
  }

  private close(chain: Chain): void {
    this.chains.delete(chain.last);
    this.closed(chain);
  }
}
