/**
 * Sessions of coding agents as JSON Lines (kv-cache-tester): one session a line, with `block_size` 64 tokens and
 * `requests`, each with `t` in seconds, `in` and `out` in tokens, and `hash_ids`, the chained identifiers of the prompt's full
 * blocks, private to the session, and `api_time`, the seconds its answer took. A request may instead stand for a sub-agent: then it has `requests` of its own, whose
 * times count from its start.
 *
 * An agent asks again when the last answer is there and its tools have run: the time between is the request's pause. A
 * sub-agent's first request waits for the answer that called for it.
 *
 * All sessions begin at time 0 and are interleaved by their own times. Eight blocks of 64 tokens make one of 512, as in
 * Mooncake's traces; up to seven blocks at the end of a prompt make none. Since the identifiers are chained, the eighth
 * names all eight and what is before them.
 */
import { basename } from 'node:path';
import { Failure } from '../support/failure.ts';
import { findParents } from './find-parents.ts';
import { type Fields, fieldsOf, lengthOf } from './json-fields.ts';
import { emptyTrace, linesOf, shown } from './lines.ts';
import type { Pauses, ServingTrace } from './serving-trace.ts';

/** Tokens of a block in the file, and blocks of the file in a block of the trace. */
const BLOCK_TOKENS = 64;
const GROUP = 8;

interface Request {
  readonly time: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** When its answer was complete. */
  readonly end: number;
  /** The request of its agent, or of the one that called its agent, whose answer it waited for. */
  readonly after: Request | undefined;
  readonly scope: number;
  /** The identifier of each group of eight blocks. */
  readonly blocks: readonly number[];
}

/**
 * Reads agent sessions. Prompts of fewer than 512 tokens have no block and are left out. O(length of the text + blocks).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @param sessions how many to read, the first of the file; all if absent
 * @throws Failure naming the line, and the request in it counted from 1, or that the trace is empty
 */
export function readAgentSessions(
  bytes: Buffer,
  path: string,
  sessions = Number.POSITIVE_INFINITY,
): ServingTrace {
  const requests: Request[] = [];
  let read = 0;
  for (const { start, end, number } of linesOf(bytes)) {
    if (read++ === sessions) break;
    const place = `${path}:${number}`;
    const session = fieldsOf(bytes, start, end, place);
    if (session.block_size !== BLOCK_TOKENS) {
      throw new Failure(
        `${place}: block_size must be ${BLOCK_TOKENS}, found ${shown(session.block_size)}; correct or delete the line`,
      );
    }
    // Identifiers mean something only within their session, unless the file says otherwise.
    const scope = session.hash_id_scope === 'local' ? number : 0;
    takeAgent(session.requests, { from: 0, after: undefined, scope, place }, requests);
  }
  if (requests.length === 0) throw emptyTrace(path);
  // Stable: at the same time sessions follow one another as in the file.
  requests.sort((a, b) => a.time - b.time);
  return asTrace(requests, basename(path));
}

/** Which agent's requests are read. */
interface Agent {
  /** When it started. */
  readonly from: number;
  /** The request whose answer called for it. */
  readonly after: Request | undefined;
  /** What tells its identifiers from those of other sessions. */
  readonly scope: number;
  /** What failures begin with. */
  readonly place: string;
}

/** Adds the requests of one agent, and those of its sub-agents. */
function takeAgent(list: unknown, { from, after, scope, place }: Agent, requests: Request[]): void {
  if (!Array.isArray(list))
    throw new Failure(`${place}: requests must be a list, found ${shown(list)}; correct or delete the line`);
  let path: readonly number[] = [];
  for (const [i, value] of list.entries()) {
    const where = `${place}: request ${i + 1}`;
    if (typeof value !== 'object' || value === null)
      throw new Failure(`${where}: ${shown(value)} is not a request; correct the line`);
    const request = value as Fields;
    const time = from + timeOf(request.t, where);
    if (request.requests !== undefined) {
      takeAgent(request.requests, { from: time, after, scope, place: where }, requests);
      continue;
    }
    path = identifiersOf(request.hash_ids, path, where);
    const blocks: number[] = [];
    for (let last = GROUP - 1; last < path.length; last += GROUP) blocks.push(path[last]);
    const inputTokens = lengthOf(request, 'in', where);
    const outputTokens = lengthOf(request, 'out', where);
    if (blocks.length === 0) continue;
    const end = time + durationOf(request.api_time, where);
    after = { time, inputTokens, outputTokens, end, after, scope, blocks };
    requests.push(after);
  }
}

/** Requests in order of time as columns; blocks are numbered in the order in which they appear there. */
function asTrace(requests: readonly Request[], name: string): ServingTrace {
  const numbers = new Map<number, Map<number, number>>();
  const firstBlock = new Uint32Array(requests.length + 1);
  const pages: number[] = [];
  let pageCount = 0;
  for (const [r, { scope, blocks }] of requests.entries()) {
    const known = numbers.get(scope) ?? new Map<number, number>();
    numbers.set(scope, known);
    for (const block of blocks) {
      const page = known.get(block) ?? pageCount++;
      known.set(block, page);
      pages.push(page);
    }
    firstBlock[r + 1] = pages.length;
  }
  const blocks = { pages: Uint32Array.from(pages), pageCount };
  const time = Float64Array.from(requests, (request) => request.time - requests[0].time);
  const inputTokens = Uint32Array.from(requests, (request) => request.inputTokens);
  const outputTokens = Uint32Array.from(requests, (request) => request.outputTokens);
  const parent = findParents(blocks, firstBlock, inputTokens);
  return { name, blocks, firstBlock, time, inputTokens, outputTokens, parent, pauses: pausesOf(requests) };
}

/** A request that came before the answer it should have waited for is taken to have waited for no longer. */
function pausesOf(requests: readonly Request[]): Pauses {
  const place = new Map(requests.map((request, r) => [request, r]));
  const before = (request: Request) => (request.after === undefined ? -1 : (place.get(request.after) ?? -1));
  return {
    after: Int32Array.from(requests, before),
    seconds: Float64Array.from(requests, ({ time, after }) => Math.max(0, time - (after?.end ?? time))),
  };
}

function timeOf(time: unknown, where: string): number {
  if (typeof time === 'number' && Number.isFinite(time) && time >= 0) return time;
  throw new Failure(`${where}: t must be a number ≥ 0, found ${shown(time)}; correct the line`);
}

/** Seconds that an answer took; 0 where the file does not tell. */
function durationOf(seconds: unknown, where: string): number {
  if (seconds === undefined || seconds === null) return 0;
  if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new Failure(`${where}: api_time must be a number ≥ 0, found ${shown(seconds)}; correct the line`);
}

/** More blocks than any prompt has; a bound on what a damaged run can ask for. */
const MOST_BLOCKS = 2 ** 24;

/** Identifiers as a list, or as the head that is kept of the previous request's and runs of successive ones. */
function identifiersOf(value: unknown, previous: readonly number[], where: string): readonly number[] {
  if (Array.isArray(value)) {
    for (const identifier of value) checkInteger(identifier, Number.MAX_SAFE_INTEGER, 'hash_ids', where);
    return value;
  }
  if (typeof value !== 'object' || value === null) {
    throw new Failure(
      `${where}: hash_ids must be a list, or keep and runs, found ${shown(value)}; correct the line`,
    );
  }
  const { keep, runs } = value as Fields;
  checkInteger(keep, previous.length, 'keep', where);
  if (!Array.isArray(runs))
    throw new Failure(`${where}: runs must be a list, found ${shown(runs)}; correct the line`);
  const path = previous.slice(0, keep);
  for (const run of runs) {
    const [start, length] = Array.isArray(run) && run.length === 2 ? run : [];
    checkInteger(start, Number.MAX_SAFE_INTEGER - MOST_BLOCKS, 'the start of a run', where);
    checkInteger(length, MOST_BLOCKS - path.length, 'the length of a run', where);
    for (let i = 0; i < length; i++) path.push(start + i);
  }
  return path;
}

function checkInteger(value: unknown, largest: number, what: string, where: string): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= largest) return;
  throw new Failure(
    `${where}: ${what} must be an integer in 0 … ${largest}, found ${shown(value)}; correct the line`,
  );
}
