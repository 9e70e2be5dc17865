import type { CostModel } from '../../kvcache/cost-model.ts';
import type { Link } from '../../kvcache/link.ts';
import type { TieredCache, TieredLease } from '../../kvcache/tiered-cache.ts';
import type { Predictions } from '../../paging/policy.ts';
import { Failure } from '../../support/failure.ts';
import { bringUp } from './bring-up.ts';
import type { Measures } from './measures.ts';
import type { Workload } from './workload.ts';

/** What happens to a request next. */
const PREFILL = 1;
const DECODE = 2;

/** What the workers of a replay share. */
export interface Replay {
  readonly workload: Workload;
  readonly cost: CostModel;
  /** One per block access; all keep if absent. */
  readonly predictions: Predictions | undefined;
  /** Whether a request that is preempted is moved to the host and back, or computed again. */
  readonly swap: boolean;
  readonly measures: Measures;
  /** When each request arrived, seconds. */
  readonly arrival: Float64Array;
  /** 1 for each block that some worker has computed. */
  readonly computed: Uint8Array;
  /** Requests before this one warm the cache and are not measured. */
  readonly measuredFrom: number;
  /** Has `advance` called for a request after some seconds, instead of what was scheduled for it. */
  readonly schedule: (request: number, seconds: number) => void;
  readonly cancel: (request: number) => void;
  /** Told of each request that has its answer or was turned away. */
  readonly answered: (request: number) => void;
}

/** A request on a worker. */
interface Running {
  readonly request: number;
  stage: typeof PREFILL | typeof DECODE;
  /** Tokens read and written so far, once it has been read. */
  tokens: number;
  /** Tokens written at the next event. */
  due: number;
  lease: TieredLease | undefined;
  preempted: boolean;
}

/**
 * One engine with a cache of its own. Prompts are read one after the other, first come first served; answers are written at
 * the same time, each at the pace that the memory allows for what was running when it was last planned. Each block that
 * fills up becomes an entry of the cache. Where a request needs a slot and none can be had, the request that was admitted last
 * is preempted and goes back to the head of the queue.
 */
export class Worker {
  readonly cache: TieredCache;
  /** Tokens of prompts waiting, and of requests running. */
  load = 0;
  private contextTokens = 0;
  private readonly links: readonly Link[];
  private readonly replay: Replay;
  private readonly waiting: Running[] = [];
  private readonly running: Running[] = [];
  private readonly states = new Map<number, Running>();
  private reading = false;
  /** Set by a preemption until a request ends: what was taken back would only be read again to be taken back once more. */
  private short = false;

  constructor(cache: TieredCache, replay: Replay) {
    this.cache = cache;
    this.links = cache.tiers.map(({ settings }) => settings.link);
    this.replay = replay;
  }

  arrive(request: number): void {
    const tokens = this.replay.workload.inputTokens[request];
    const state = { request, stage: PREFILL, tokens, due: 0, lease: undefined, preempted: false } as Running;
    this.states.set(request, state);
    this.load += tokens;
    this.waiting.push(state);
    this.admit();
  }

  /** What was scheduled for a request is due. @param now seconds */
  advance(request: number, now: number): void {
    const state = this.states.get(request) as Running;
    if (state.stage === PREFILL) this.begin(state, now);
    else this.write(state, now);
    this.admit();
  }

  /** Admits the first request that waits, if none is being read and there is room. */
  private admit(): void {
    while (!this.reading && !this.short && this.waiting.length > 0) {
      const state = this.waiting[0];
      const answer = this.allocate(state);
      if (answer === 'no room') return;
      this.waiting.shift();
      if (answer === 'never') this.forget(state);
      else this.read(state, answer);
    }
  }

  /** Reserves the blocks of what a request has so far, and one slot for what comes next. */
  private allocate(state: Running): TieredLease | 'no room' | 'never' {
    const { predictions, measures } = this.replay;
    const { accesses, first, blockTokens } = this.replay.workload;
    const start = first[state.request];
    const end = start + this.fullBlocks(state);
    const path = accesses.pages.subarray(start, end);
    const tail = state.tokens - path.length * blockTokens;
    const privateBlocks = Math.floor(tail / blockTokens) + 1;
    try {
      return this.cache.allocate(path, predictions?.subarray(start, end), privateBlocks) ?? 'no room';
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Longer than the cache, or not a chain of blocks: this one request is turned away.
      if (state.request >= this.replay.measuredFrom) measures.rejected++;
      return 'never';
    }
  }

  /** Blocks of a request's path that its tokens so far fill. */
  private fullBlocks({ request, tokens }: Running): number {
    const { first, promptBlocks, inputTokens, blockTokens } = this.replay.workload;
    if (tokens === inputTokens[request]) return promptBlocks[request];
    return Math.min(first[request + 1] - first[request], Math.floor(tokens / blockTokens));
  }

  private read(state: Running, lease: TieredLease): void {
    const { cost, measures, schedule, swap, workload, measuredFrom } = this.replay;
    const { matched, fetched } = lease;
    const below = bringUp(cost, this.links, matched * workload.blockTokens, fetched, workload.blockTokens);
    // The last token is computed even where all blocks are there: the next one follows from it.
    const cached = Math.min(below.cached, state.tokens - 1);
    const missing = state.tokens - cached;
    const swapped = state.preempted && swap;
    const computing = swapped ? cost.contextSwitchSeconds(missing) : cost.firstTokenSeconds(missing, cached);
    const seconds = below.seconds + computing;
    state.lease = lease;
    const again = this.compute(state, matched + fetched.reduce((sum, { blocks }) => sum + blocks, 0));
    this.reading = true;
    this.running.push(state);
    this.contextTokens += state.tokens;
    schedule(state.request, seconds);
    if (state.request < measuredFrom) return;
    below.bytes.forEach((bytes, tier) => {
      measures.tiers[tier].bytesRead += bytes;
    });
    if (swapped) measures.bytesSwapped += 2 * missing * cost.kvBytesPerToken;
    else measures.prefillSeconds += seconds;
    measures.recomputedTokens += below.recomputed;
    if (state.preempted) {
      if (!swapped) measures.recomputedTokens += missing;
      return;
    }
    measures.recomputedTokens += again;
    measures.promptBlocks += lease.slots.length;
    measures.hitBlocks += matched;
    measures.promptTokens += state.tokens;
    measures.hitTokens += Math.min(matched * workload.blockTokens, cached);
    measures.sparedTokens += Math.max(0, cached - below.recomputed);
    below.loaded.forEach((blocks, tier) => {
      measures.tiers[tier].blocks += blocks;
      measures.tiers[tier].tokens += blocks * workload.blockTokens;
    });
    measures.coldSeconds += cost.firstTokenSeconds(state.tokens);
  }

  /** Blocks of a path are computed, from a position on. @returns tokens of those that had been computed before */
  private compute(state: Running, from: number): number {
    const { computed, workload } = this.replay;
    const { accesses, first, blockTokens } = workload;
    const lease = state.lease as TieredLease;
    let again = 0;
    for (let i = from; i < lease.slots.length; i++) {
      const block = accesses.pages[first[state.request] + i];
      again += computed[block];
      computed[block] = 1;
    }
    return again * blockTokens;
  }

  /** The prompt has been read: the first token is there. */
  private begin(state: Running, now: number): void {
    const { measures, measuredFrom, arrival } = this.replay;
    this.reading = false;
    state.stage = DECODE;
    if (!state.preempted && state.request >= measuredFrom)
      measures.firstToken.push(now - arrival[state.request]);
    this.plan(state, now);
  }

  /** The tokens that were due are written; a block may have filled up. */
  private write(state: Running, now: number): void {
    const { blockTokens, accesses, first } = this.replay.workload;
    const lease = state.lease as TieredLease;
    state.tokens += state.due;
    this.contextTokens += state.due;
    this.load += state.due;
    const at = first[state.request] + lease.slots.length;
    if (lease.slots.length === state.tokens / blockTokens - 1 && at < first[state.request + 1]) {
      const predictions = this.replay.predictions?.subarray(at, at + 1);
      this.cache.complete(lease, accesses.pages.subarray(at, at + 1), predictions);
      this.replay.computed[accesses.pages[at]] = 1;
    }
    this.plan(state, now);
  }

  /** Finds out when the next block is full or the answer ends; makes room for it first. */
  private plan(state: Running, now: number): void {
    const { workload, cost, schedule } = this.replay;
    const { request } = state;
    const left = workload.inputTokens[request] + workload.trace.outputTokens[request] - state.tokens;
    if (left <= 0) {
      this.finish(state, now);
      return;
    }
    const lease = state.lease as TieredLease;
    const { blockTokens } = workload;
    while (lease.slots.length + lease.privateSlots.length <= Math.floor(state.tokens / blockTokens)) {
      if (!this.cache.device.grow(lease) && this.preempt() === state) return;
    }
    state.due = Math.min(left, blockTokens - (state.tokens % blockTokens));
    schedule(request, state.due * cost.decodeSeconds(this.contextTokens));
  }

  /** Takes back the request that was admitted last. */
  private preempt(): Running {
    const { measures, cancel, measuredFrom } = this.replay;
    const state = this.running.pop() as Running;
    if (state.stage === PREFILL) this.reading = false;
    this.cache.device.release(state.lease as TieredLease);
    this.contextTokens -= state.tokens;
    state.lease = undefined;
    state.stage = PREFILL;
    state.preempted = true;
    cancel(state.request);
    this.short = this.running.length > 0;
    this.waiting.unshift(state);
    if (state.request >= measuredFrom) measures.preemptions++;
    return state;
  }

  private finish(state: Running, now: number): void {
    const { measures, measuredFrom, workload } = this.replay;
    this.cache.device.release(state.lease as TieredLease);
    this.running.splice(this.running.indexOf(state), 1);
    this.short = false;
    this.contextTokens -= state.tokens;
    this.forget(state);
    if (state.request < measuredFrom) return;
    measures.finished++;
    measures.outputTokens += workload.trace.outputTokens[state.request];
    measures.end = now;
  }

  private forget(state: Running): void {
    this.states.delete(state.request);
    this.load -= state.tokens;
    this.replay.answered(state.request);
  }
}
