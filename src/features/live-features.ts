import { RecentNumbering } from '../support/recent-numbering.ts';
import { isContinued } from '../traces/find-parents.ts';
import {
  FEATURE_NAMES,
  History,
  type RequestColumns,
  remember,
  requestFeatures,
  writeRequest,
} from './block-features.ts';

/** When a request came, and after how many others. */
export interface Arrival {
  readonly seconds: number;
  /** Requests that arrived before it. */
  readonly earlier: number;
  /** Of those, the ones in the minute before it. */
  readonly recent: number;
}

/** A request as the live features know it. */
export interface LiveRequest {
  /** Counted from 0, in the order of description. */
  readonly request: number;
  /** Numbers of its blocks, head first; a number may later stand for another block. */
  readonly path: Uint32Array;
  /** Row-major, a row of `FEATURE_NAMES` a block. */
  readonly values: Float32Array;
}

const MINUTE = 60;

/**
 * The features of `blockFeatures`, one request after the other and at bounded memory: what a plug-in can know. As long as
 * nothing was forgotten they are the same numbers. The block that was requested longest ago is forgotten first, and counts
 * as never seen when it comes back; so do requests. O(blocks of the request × features).
 *
 * A request may be described later than it arrives, when its length is known: it then counts as of its arrival, and those that
 * were described before it are its past.
 *
 * @example
 * const features = new LiveFeatures(1 << 20, 1 << 16);
 * features.describe(features.arrive(0), Float64Array.of(46, 47), 600).values; // two rows
 */
export class LiveFeatures {
  private readonly columns: RequestColumns;
  private readonly lengths: Uint32Array;
  private readonly history: History;
  /** The latest request of each block. */
  private readonly latest: Float64Array;
  private readonly numbering: RecentNumbering;
  private readonly size: number;
  /** When each of the latest requests arrived. */
  private readonly arrivals: Float64Array;
  private arrived = 0;
  private described = 0;
  /** The first request that arrived in the last minute. */
  private minuteAgo = 0;

  /**
   * @param blocks how many blocks are remembered; more than any request has
   * @param requests how many requests are remembered
   * @param forget told of each number that is about to stand for another block
   */
  constructor(blocks: number, requests: number, forget: (block: number) => void = () => {}) {
    this.size = requests;
    this.columns = {
      time: new Float64Array(requests),
      inputTokens: new Uint32Array(requests),
      outputTokens: new Uint32Array(requests),
      parent: new Int32Array(requests),
    };
    this.lengths = new Uint32Array(requests);
    this.arrivals = new Float64Array(requests);
    this.history = new History(blocks, requests);
    this.latest = new Float64Array(blocks).fill(-1);
    this.numbering = new RecentNumbering(blocks, (block) => {
      this.history.forgetBlock(block);
      this.latest[block] = -1;
      forget(block);
    });
  }

  /** How many blocks are remembered. */
  get blocks(): number {
    return this.numbering.count;
  }

  /** @param seconds never decreasing */
  arrive(seconds: number): Arrival {
    const { arrivals, size } = this;
    const earlier = this.arrived++;
    arrivals[earlier % size] = seconds;
    this.minuteAgo = Math.max(this.minuteAgo, this.arrived - size);
    while (arrivals[this.minuteAgo % size] < seconds - MINUTE) this.minuteAgo++;
    return { seconds, earlier, recent: earlier - this.minuteAgo };
  }

  /**
   * Takes in a request that has arrived and computes the features of its blocks.
   *
   * @param hashes chained hashes of its blocks, integers of at most 53 bits; at least one
   * @param inputTokens length of the prompt
   */
  describe({ seconds, earlier, recent }: Arrival, hashes: Float64Array, inputTokens: number): LiveRequest {
    const { columns, history } = this;
    const request = this.described++;
    const place = request % this.size;
    const path = this.pathOf(hashes);
    history.forgetRequest(place);
    columns.time[place] = seconds;
    columns.inputTokens[place] = inputTokens;
    columns.outputTokens[place] = 0;
    this.lengths[place] = path.length;
    columns.parent[place] = this.parentOf(path, request);
    const values = new Float32Array(path.length * FEATURE_NAMES.length);
    const shared = requestFeatures(columns, place, path, history, recent, earlier);
    writeRequest(values, 0, path, shared, seconds, history);
    remember(columns, place, path, history);
    for (const block of path) this.latest[block] = request;
    return { request, path, values };
  }

  /** What became known of a request when it was answered; nothing, if it is forgotten. */
  finish(request: number, inputTokens: number, outputTokens: number): void {
    if (this.described - request > this.size) return;
    this.columns.inputTokens[request % this.size] = inputTokens;
    this.columns.outputTokens[request % this.size] = outputTokens;
  }

  private pathOf(hashes: Float64Array): Uint32Array {
    const path = Uint32Array.from(hashes, (hash) => this.numbering.find(hash));
    const UNKNOWN = 0xffffffff;
    // Known blocks first, so that none of them makes room for a new one; tail first, so that a head is forgotten last.
    for (let i = path.length - 1; i >= 0; i--) if (path[i] !== UNKNOWN) this.numbering.touch(path[i]);
    for (let i = path.length - 1; i >= 0; i--) {
      if (path[i] !== UNKNOWN) continue;
      const known = this.numbering.find(hashes[i]);
      path[i] = known >= 0 ? known : this.numbering.add(hashes[i]);
    }
    return path;
  }

  /** See `findParents`. −1 if there is none, or it is forgotten. */
  private parentOf(path: Uint32Array, request: number): number {
    let matched = 0;
    while (matched < path.length && this.latest[path[matched]] >= 0) matched++;
    if (matched === 0) return -1;
    const before = this.latest[path[matched - 1]];
    if (request - before >= this.size) return -1;
    const [place, own] = [before % this.size, request % this.size];
    const { inputTokens } = this.columns;
    const longEnough = inputTokens[own] >= inputTokens[place];
    return longEnough && isContinued(this.lengths[place], path.length, matched) ? place : -1;
  }
}
