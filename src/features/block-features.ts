/**
 * Causal features of each block access of a serving trace: what an engine knows when the request arrives. Nothing here
 * looks at a later request, nor at the length of the answer still to be written. Training and inference share it.
 */
import { requestCount, type ServingTrace } from '../traces/serving-trace.ts';

/** One column of the feature matrix each; times in seconds, lengths in tokens or blocks, −1 where unknown. */
export const FEATURE_NAMES = [
  'position',
  'blocks after',
  'blocks past match',
  'is last block',
  'past accesses',
  'seconds since access',
  'seconds since first access',
  'children',
  'blocks in request',
  'matched blocks',
  'matched share',
  'input tokens',
  'turn',
  'seconds since parent',
  'mean seconds between turns',
  'parent input tokens',
  'parent output tokens',
  'growth since parent',
  'message tokens',
  'root share',
  'family requests',
  'family continued share',
  'family age',
  'matched block branching',
  'matched block share',
  'siblings',
  'requests in last minute',
] as const;

/** Rows are block accesses in trace order, columns are `FEATURE_NAMES`. */
export interface FeatureMatrix {
  readonly names: readonly string[];
  readonly rows: number;
  /** Row-major, rows × names.length. */
  readonly values: Float32Array;
}

/** The matrix with the given rows, in their order. */
export function selectRows({ names, values }: FeatureMatrix, rows: Uint32Array): FeatureMatrix {
  const columns = names.length;
  const selected = new Float32Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    selected.set(values.subarray(rows[i] * columns, (rows[i] + 1) * columns), i * columns);
  }
  return { names, rows: rows.length, values: selected };
}

const MINUTE = 60;

/** What is remembered of the past, per block and per request. A family is all requests with the same second block. */
export class History {
  readonly accesses: Uint32Array;
  readonly lastAccess: Float64Array;
  readonly firstAccess: Float64Array;
  readonly children: Uint32Array;
  readonly familyRequests: Uint32Array;
  readonly familyContinued: Uint32Array;
  readonly turn: Uint32Array;
  readonly opened: Float64Array;
  readonly continuations: Uint32Array;
  readonly family: Uint32Array;

  constructor(blocks: number, requests: number) {
    this.accesses = new Uint32Array(blocks);
    this.lastAccess = new Float64Array(blocks);
    this.firstAccess = new Float64Array(blocks);
    this.children = new Uint32Array(blocks);
    this.familyRequests = new Uint32Array(blocks);
    this.familyContinued = new Uint32Array(blocks);
    this.turn = new Uint32Array(requests);
    this.opened = new Float64Array(requests);
    this.continuations = new Uint32Array(requests);
    this.family = new Uint32Array(requests);
  }

  /** A block becomes one that was never seen. */
  forgetBlock(block: number): void {
    const { accesses, lastAccess, firstAccess, children, familyRequests, familyContinued } = this;
    for (const column of [accesses, lastAccess, firstAccess, children, familyRequests, familyContinued])
      column[block] = 0;
  }

  /** A request's place is free for another one. */
  forgetRequest(request: number): void {
    for (const column of [this.turn, this.opened, this.continuations, this.family]) column[request] = 0;
  }
}

/** The columns of a trace that features are made of, beside its blocks. */
export type RequestColumns = Pick<ServingTrace, 'time' | 'inputTokens' | 'outputTokens' | 'parent'>;

/**
 * Computes the features of every block access. O(accesses × features), one pass.
 *
 * @param trace the serving trace; only what precedes or accompanies a request influences its rows
 * @param requests compute only the first so many requests
 */
export function blockFeatures(trace: ServingTrace, requests = requestCount(trace)): FeatureMatrix {
  const { firstBlock, time, blocks } = trace;
  const columns = FEATURE_NAMES.length;
  const rows = firstBlock[requests];
  const values = new Float32Array(rows * columns);
  const history = new History(blocks.pageCount, requests);
  let minuteAgo = 0;
  for (let request = 0; request < requests; request++) {
    while (time[minuteAgo] < time[request] - MINUTE) minuteAgo++;
    const path = blocks.pages.subarray(firstBlock[request], firstBlock[request + 1]);
    const shared = requestFeatures(trace, request, path, history, request - minuteAgo, request);
    const row = firstBlock[request] * columns;
    writeRequest(values, row, path, shared, time[request], history);
    remember(trace, request, path, history);
  }
  return { names: FEATURE_NAMES, rows, values };
}

/** Columns that differ between the blocks of a request; they come first. */
const BLOCK_COLUMNS = FEATURE_NAMES.indexOf('blocks in request');

/** Writes the rows of a request's blocks, which are given in order, from `row` on. */
export function writeRequest(
  values: Float32Array,
  row: number,
  path: Uint32Array,
  shared: { readonly matched: number; readonly values: readonly number[] },
  now: number,
  history: History,
): void {
  for (let position = 0; position < path.length; position++, row += FEATURE_NAMES.length) {
    writeBlockFeatures(values, row, path, position, shared.matched, now, history);
    values.set(shared.values, row + BLOCK_COLUMNS);
  }
}

function writeBlockFeatures(
  values: Float32Array,
  row: number,
  path: Uint32Array,
  position: number,
  matched: number,
  now: number,
  history: History,
): void {
  const block = path[position];
  const seen = history.accesses[block] > 0;
  values[row] = position;
  values[row + 1] = path.length - 1 - position;
  values[row + 2] = position - matched;
  values[row + 3] = position === path.length - 1 ? 1 : 0;
  values[row + 4] = history.accesses[block];
  values[row + 5] = seen ? now - history.lastAccess[block] : -1;
  values[row + 6] = seen ? now - history.firstAccess[block] : -1;
  values[row + 7] = history.children[block];
}

/**
 * What all blocks of a request have in common.
 *
 * @param request its place in the columns and in the history
 * @param recent requests of the minute before it
 * @param earlier how many requests there were before it
 */
export function requestFeatures(
  trace: RequestColumns,
  request: number,
  path: Uint32Array,
  history: History,
  recent: number,
  earlier: number,
): { matched: number; values: number[] } {
  const { time, inputTokens, outputTokens, parent } = trace;
  let matched = 0;
  while (matched < path.length && history.accesses[path[matched]] > 0) matched++;
  const before = parent[request];
  const continues = before >= 0;
  const turn = continues ? history.turn[before] + 1 : 0;
  const opened = continues ? history.opened[before] : time[request];
  const family = path[Math.min(1, path.length - 1)];
  const familyRequests = history.familyRequests[family];
  const input = inputTokens[request];
  const growth = continues ? input - inputTokens[before] : -1;
  const values = [
    path.length,
    matched,
    matched / path.length,
    input,
    turn,
    continues ? time[request] - time[before] : -1,
    turn > 0 ? (time[request] - opened) / turn : -1,
    continues ? inputTokens[before] : -1,
    continues ? outputTokens[before] : -1,
    growth,
    continues ? growth - outputTokens[before] : -1,
    earlier > 0 ? history.accesses[path[0]] / earlier : -1,
    familyRequests,
    familyRequests > 0 ? history.familyContinued[family] / familyRequests : -1,
    familyRequests > 0 ? time[request] - history.firstAccess[family] : -1,
    matched > 0 ? history.children[path[matched - 1]] / history.accesses[path[matched - 1]] : -1,
    matched > 0 ? history.accesses[path[matched - 1]] / earlier : -1,
    continues ? history.continuations[before] : -1,
    recent,
  ];
  return { matched, values };
}

/** Takes a request into the history, once its features are written. */
export function remember(trace: RequestColumns, request: number, path: Uint32Array, history: History): void {
  const now = trace.time[request];
  const before = trace.parent[request];
  const family = path[Math.min(1, path.length - 1)];
  history.familyRequests[family]++;
  history.family[request] = family;
  history.opened[request] = now;
  if (before >= 0) {
    history.turn[request] = history.turn[before] + 1;
    history.opened[request] = history.opened[before];
    // A request counts as continued once, however many requests continue it.
    if (history.continuations[before]++ === 0) history.familyContinued[history.family[before]]++;
  }
  for (let position = 0; position < path.length; position++) {
    const block = path[position];
    if (history.accesses[block]++ === 0) {
      history.firstAccess[block] = now;
      if (position > 0) history.children[path[position - 1]]++;
    }
    history.lastAccess[block] = now;
  }
}
