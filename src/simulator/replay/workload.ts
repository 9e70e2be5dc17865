import type { RequestSequence } from '../../paging/request-sequence.ts';
import { Failure } from '../../support/failure.ts';
import type { ServingTrace } from '../../traces/serving-trace.ts';

/**
 * What a trace asks of a serving engine: for each request the path of full blocks that its prompt and answer fill. A last
 * block that stays partial is none of them. Blocks are dense numbers that stand for their chained hashes.
 */
export interface Workload {
  readonly trace: ServingTrace;
  readonly blockTokens: number;
  /** Tokens of each prompt. */
  readonly inputTokens: Uint32Array;
  /** Path of request r: `accesses.pages[first[r] … first[r + 1] − 1]`, head first. */
  readonly accesses: RequestSequence;
  readonly first: Uint32Array;
  /** How many blocks of its path each request's prompt fills; the others are filled by the answer. */
  readonly promptBlocks: Uint32Array;
  /** Number of each request's conversation: the request that opened it. */
  readonly session: Uint32Array;
}

/** Share of the prompts that must fit their blocks, and the most tokens that a block is taken to have. */
const FITTING = 0.9;
const LARGEST_BLOCK = 2 ** 20;

/**
 * Makes the workload of a trace. What an answer is called is known from the request that continues the conversation: its
 * prompt holds the answer; blocks of an answer that nobody continues come only once. O(block accesses).
 *
 * @param blockTokens tokens in a block; if absent the power of two that fits the lengths of the prompts
 * @throws Failure where time goes backwards, or no block size is known
 */
export function workload(trace: ServingTrace, blockTokens = findBlockTokens(trace)): Workload {
  const { blocks, firstBlock, time, parent } = trace;
  const requests = time.length;
  const promptBlocks = new Uint32Array(requests);
  const inputTokens = new Uint32Array(requests);
  const session = new Uint32Array(requests);
  const child = new Int32Array(requests).fill(-1);
  for (let r = 0; r < requests; r++) {
    if (r > 0 && time[r] < time[r - 1])
      throw new Failure(`${trace.name}: request ${r} arrives before request ${r - 1}; sort requests by time`);
    const length = firstBlock[r + 1] - firstBlock[r];
    // Where the trace tells no lengths, each of its blocks is full.
    inputTokens[r] = trace.inputTokens[r] || length * blockTokens;
    promptBlocks[r] = Math.min(length, Math.floor(inputTokens[r] / blockTokens));
    session[r] = parent[r] < 0 ? r : session[parent[r]];
    if (parent[r] >= 0 && child[parent[r]] < 0) child[parent[r]] = r;
  }
  const first = new Uint32Array(requests + 1);
  for (let r = 0; r < requests; r++) {
    const filled = Math.floor((inputTokens[r] + trace.outputTokens[r]) / blockTokens);
    first[r + 1] = first[r] + Math.max(filled, promptBlocks[r]);
  }
  const pages = new Uint32Array(first[requests]);
  let pageCount = blocks.pageCount;
  for (let r = 0; r < requests; r++) {
    const known = continuation(trace, promptBlocks, r, child[r]);
    for (let i = 0; i < first[r + 1] - first[r]; i++) {
      if (i < promptBlocks[r]) pages[first[r] + i] = blocks.pages[firstBlock[r] + i];
      else pages[first[r] + i] = i < known.length ? known[i] : pageCount++;
    }
  }
  const accesses = { pages, pageCount };
  return { trace, blockTokens, inputTokens, accesses, first, promptBlocks, session };
}

/**
 * At which step each block access comes where requests arrive in a given order.
 *
 * @param first of a workload
 * @param order of its requests, each once
 */
export function stepsInOrder(first: Uint32Array, order: Uint32Array): Uint32Array {
  const steps = new Uint32Array(first[order.length]);
  let step = 0;
  for (const r of order) for (let i = first[r]; i < first[r + 1]; i++) steps[i] = step++;
  return steps;
}

/** The full blocks of the prompt that continues a request, if it holds the request's own prompt. */
function continuation(trace: ServingTrace, promptBlocks: Uint32Array, r: number, next: number): Uint32Array {
  const nothing = new Uint32Array(0);
  if (next < 0) return nothing;
  const { firstBlock, blocks } = trace;
  const last = promptBlocks[r] - 1;
  if (promptBlocks[next] <= last) return nothing;
  if (last >= 0 && blocks.pages[firstBlock[r] + last] !== blocks.pages[firstBlock[next] + last])
    return nothing;
  return blocks.pages.subarray(firstBlock[next], firstBlock[next] + promptBlocks[next]);
}

/**
 * The power of two with which the most prompts have as many blocks as their tokens fill; the last, incomplete one is listed as
 * well in some traces and not in others. Not all need agree: some traces cut the lists of a few requests short.
 */
function findBlockTokens({ name, time, firstBlock, inputTokens }: ServingTrace): number {
  let [most, best, known] = [0, 0, 0];
  for (let blockTokens = 1; blockTokens <= LARGEST_BLOCK; blockTokens *= 2) {
    let [whole, started] = [0, 0];
    known = 0;
    for (let r = 0; r < time.length; r++) {
      const blocks = firstBlock[r + 1] - firstBlock[r];
      if (inputTokens[r] === 0 || blocks === 0) continue;
      known++;
      if (blocks === Math.floor(inputTokens[r] / blockTokens)) whole++;
      if (blocks === Math.ceil(inputTokens[r] / blockTokens)) started++;
    }
    if (Math.max(whole, started) <= most) continue;
    most = Math.max(whole, started);
    best = blockTokens;
  }
  if (known === 0)
    throw new Failure(`${name}: the trace tells no prompt lengths; give --block-tokens, for example 16`);
  if (most < FITTING * known)
    throw new Failure(
      `${name}: prompt lengths fit no block size (${best} tokens suit ${most} of ${known} requests); give --block-tokens`,
    );
  return best;
}
