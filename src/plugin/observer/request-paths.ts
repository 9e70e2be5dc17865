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

/** Blocks that an engine stored at once. */
interface Piece {
  /** Its latest block. */
  readonly last: number;
  /** Tokens before its first block and up to the end of its last. */
  readonly before: number;
  readonly end: number;
  readonly blockSize: number;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Pieces that an engine stored one after the other: what a request computed, and perhaps the next turn of its conversation. */
export class Chain {
  readonly pieces: Piece[];

  constructor(pieces: Piece[]) {
    this.pieces = pieces;
  }

  /** Its latest block. */
  get last(): number {
    return this.pieces[this.pieces.length - 1].last;
  }

  get began(): number {
    return this.pieces[0].at;
  }

  get ended(): number {
    return this.pieces[this.pieces.length - 1].at;
  }
}

/** Pieces of a chain that a request may have stored, and how well its lengths agree with theirs: 0 is exactly. */
interface Claim {
  readonly chain: Chain;
  readonly from: number;
  readonly to: number;
  readonly distance: number;
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
    // Copies in slower tiers come later and are no request's.
    if (event.blockSize === 0) return void this.tree.copy(event);
    if (!isFirstMedium(event.medium)) return void this.tree.store(event);
    const parent = event.parent === undefined ? -1 : this.tree.find(event.parent);
    const { last, before } = this.tree.store(event);
    const { blockSize } = event;
    const piece = { last, before, end: this.tree.tokensOf(last), blockSize, at: seconds };
    const open = this.chains.get(parent);
    if (open !== undefined && parent >= 0) {
      this.chains.delete(parent);
      open.pieces.push(piece);
      this.put(open);
      return;
    }
    this.put(new Chain([piece]));
    if (this.chains.size > MOST) this.close(this.chains.values().next().value as Chain);
  }

  /** Gives up the chains that have not grown since, in seconds since 1970. */
  closeBefore(seconds: number): void {
    for (const chain of [...this.chains.values()]) if (chain.ended < seconds) this.close(chain);
  }

  /** @returns numbers of the blocks that the request's prompt had, head first; none if they are not found */
  pathOf(request: LoggedRequest): number[] {
    const last = this.claim(request) ?? this.recall(request);
    if (last === undefined) return [];
    for (const hash of request.hash_ids) {
      this.known.delete(hash);
      this.known.set(hash, this.tree.keyOf(last));
    }
    while (this.known.size > MOST) this.known.delete(this.known.keys().next().value as number);
    return this.tree.pathTo(last, request.input_length);
  }

  /** Takes what the request stored from the chains. @returns its last block */
  private claim(request: LoggedRequest): number | undefined {
    let best: Claim | undefined;
    for (const chain of this.chains.values()) {
      const claim = claimOn(chain, request);
      if (claim !== undefined && claim.distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = claim;
    }
    if (best === undefined) return undefined;
    const { pieces, last } = best.chain;
    this.chains.delete(last);
    // Before and after it in the chain stand the other turns of its conversation.
    for (const rest of [pieces.slice(0, best.from), pieces.slice(best.to)])
      if (rest.length > 0) this.put(new Chain(rest));
    return pieces[best.to - 1].last;
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

/**
 * The pieces that were stored while a request was under way, from where what it found in the cache ends. What an engine loads
 * from a slower tier is found too; its blocks are stored anew, before the others.
 *
 * @returns `undefined` where the lengths speak against it
 */
function claimOn(chain: Chain, request: LoggedRequest): Claim | undefined {
  const { pieces } = chain;
  const { timestamp, milliseconds = 0, cached_length: cached, input_length: input, output_length } = request;
  const { blockSize } = pieces[0];
  const whole = input - (input % blockSize);
  const all = input + output_length;
  const isInTime = ({ at }: Piece) =>
    at >= timestamp / 1000 - SLACK && at <= (timestamp + milliseconds) / 1000 + SLACK;
  const begins = ({ before }: Piece) => cached === undefined || Math.abs(before - cached) < blockSize;
  const from = pieces.findIndex((piece) => isInTime(piece) && begins(piece) && piece.before <= input);
  if (from < 0) return undefined;
  // The next turn may have begun to store, too.
  const belongs = (piece: Piece) =>
    isInTime(piece) && (piece.end <= all || (piece.before < whole && piece.end <= all + blockSize));
  let to = from;
  let distance = Math.abs(pieces[from].before - whole);
  for (; to < pieces.length && belongs(pieces[to]); to++)
    distance = Math.min(distance, Math.abs(pieces[to].end - whole));
  // The prompt's whole blocks are stored by the time the answer begins.
  if (to === from || pieces[to - 1].end < input - 2 * blockSize) return undefined;
  return { chain, from, to, distance };
}
