import type { EventLog } from '../gateway/event-log.ts';
import { BlockTree } from './block-tree.ts';
import { decodeBatch, type EventBatch } from './kv-events.ts';
import { Labels } from './labels.ts';
import type { LineFile } from './line-file.ts';
import type { LogTail } from './log-tail.ts';
import { type Chain, type LoggedRequest, RequestPaths } from './request-paths.ts';

export interface RecorderSettings {
  readonly trace: LineFile;
  readonly labels: LineFile | undefined;
  /** The gateway's access log; without it the trace has only what was computed. */
  readonly gatewayLog: LogTail | undefined;
  /** How many blocks are remembered. */
  readonly remembered: number;
  readonly log: EventLog;
}

/** Seconds after the end of a request by which the engine has told of its blocks. */
const PATIENCE = 2;
/** Seconds without a new block after which a chain is whole, where no log tells. */
const QUIET = 5;
/** Lines of the log that wait at most. */
const MOST_HELD = 1 << 16;

/** Makes a trace and labels of an engine's events and the gateway's log, while both go on. */
export class Recorder {
  readonly eventsByKind = { stored: 0, removed: 0, cleared: 0 };
  /** Events, messages and lines of the log that were left out, by the reason. */
  readonly corrupt: Record<string, number> = {};
  /** Seconds since 1970 by the engine’s clock, on its latest message. */
  stampedAt = Number.NaN;
  requests = 0;
  /** Requests of the log whose blocks were not found. */
  unmatched = 0;
  readonly labels: Labels;
  readonly tree: BlockTree;
  private readonly settings: RecorderSettings;
  private readonly paths: RequestPaths;
  private readonly held: LoggedRequest[] = [];
  private latest = 0;

  constructor(settings: RecorderSettings) {
    this.settings = settings;
    const { remembered, labels, gatewayLog } = settings;
    this.tree = new BlockTree(remembered, (block) => this.labels.forget(block));
    this.labels = new Labels(this.tree, remembered, (label) => labels?.write(label));
    this.paths = new RequestPaths(this.tree, (chain) => {
      if (gatewayLog === undefined) this.writeChain(chain);
    });
  }

  /** Events that were read. */
  get events(): number {
    const { stored, removed, cleared } = this.eventsByKind;
    return stored + removed + cleared;
  }

  /** Requests of the log that wait for what the engine tells late. */
  get waiting(): number {
    return this.held.length;
  }

  /** A message of the engine. */
  take(payload: Uint8Array): void {
    const { log } = this.settings;
    let batch: EventBatch;
    try {
      batch = decodeBatch(payload);
    } catch (error) {
      this.leaveOut('unreadable message');
      log.complain('corrupt message', 'is the endpoint one of vLLM’s or SGLang’s KV events?', {
        failure: (error as Error).message,
      });
      return;
    }
    this.stampedAt = batch.time;
    for (const failure of batch.corrupt) {
      this.leaveOut(failure);
      log.complain(
        'corrupt event',
        'it is left out; is the engine of a release that docs/observer.md names?',
        { failure },
      );
    }
    for (const event of batch.events) {
      this.eventsByKind[event.kind]++;
      if (event.kind === 'stored') this.paths.store(event, batch.time);
      else if (event.kind === 'removed')
        for (const key of event.blocks) this.tree.remove(key, event.medium, batch.time);
      else this.tree.clear(batch.time);
    }
  }

  /** The engine has started anew. @param seconds since 1970 */
  restarted(seconds: number): void {
    this.settings.log.info('publisher restarted');
    this.tree.clear(seconds);
  }

  lost(from: number, to: number): void {
    this.settings.log.complain(
      'messages lost',
      'name the engine’s replay endpoint with --replay; blocks may be missing from the trace',
      { from, to },
    );
  }

  /** Goes on with what is due. @param now seconds since 1970 */
  advance(now: number): void {
    const { gatewayLog } = this.settings;
    if (gatewayLog === undefined) {
      this.paths.closeBefore(now - QUIET);
      return;
    }
    for (let lines = gatewayLog.read(); lines.length > 0; lines = gatewayLog.read())
      for (const line of lines) this.hold(line);
    let ready = 0;
    while (
      ready < this.held.length &&
      (endOf(this.held[ready]) < now - PATIENCE || this.held.length - ready > MOST_HELD)
    )
      this.writeRequest(this.held[ready++]);
    this.held.splice(0, ready);
    // A chain that no request has claimed by now is of a request that did not come through the gateway.
    this.paths.closeBefore(now - 600);
  }

  /** Writes what is open. */
  end(): void {
    this.advance(Number.POSITIVE_INFINITY);
    this.labels.end();
  }

  private hold(line: string): void {
    try {
      const request = JSON.parse(line);
      if (!isLogged(request)) throw new Error('it is no request');
      this.held.push(request);
    } catch (error) {
      this.leaveOut('unreadable log line');
      this.settings.log.complain('corrupt log line', 'it is left out; is this the --log of onebit serve?', {
        failure: (error as Error).message,
      });
    }
  }

  private leaveOut(reason: string): void {
    this.corrupt[reason] = (this.corrupt[reason] ?? 0) + 1;
  }

  private writeRequest(request: LoggedRequest): void {
    const path = this.paths.pathOf(request);
    if (path.length === 0) {
      this.unmatched++;
      return;
    }
    const { timestamp, input_length, output_length } = request;
    this.write(path, timestamp, input_length, output_length);
  }

  private writeChain({ last, began }: Chain): void {
    const tokens = this.tree.tokensOf(last);
    this.write(this.tree.pathTo(last, tokens), began * 1000, tokens, 0);
  }

  private write(path: readonly number[], timestamp: number, input: number, output: number): void {
    this.latest = Math.max(this.latest, timestamp);
    this.requests++;
    this.settings.trace.write({
      timestamp: Math.round(this.latest * 1e3) / 1e3,
      input_length: input,
      output_length: output,
      hash_ids: path.map((block) => this.tree.keyOf(block)),
    });
    for (const block of path) this.labels.access(block, this.latest / 1000);
  }
}

function endOf({ timestamp, milliseconds }: LoggedRequest): number {
  return (timestamp + (milliseconds ?? 0)) / 1000;
}

function isLogged(request: LoggedRequest): boolean {
  const { timestamp, input_length, output_length, hash_ids } = request;
  const numbers = [timestamp, input_length, output_length];
  return (
    numbers.every((x) => Number.isFinite(x)) &&
    Array.isArray(hash_ids) &&
    hash_ids.every(Number.isSafeInteger)
  );
}
