/**
 * Mooncake's JSON Lines (Qin et al., *Mooncake*, FAST 2025): one request a line with `timestamp` in milliseconds,
 * `input_length` and `output_length` in tokens, and `hash_ids`, the chained identifiers of the prompt's blocks.
 * Qwen-Bailian's traces have the same shape with timestamps in seconds, blocks of 16 tokens, and more fields: a `chat_id` for
 * each request and in `parent_chat_id` that of the request it continues, −1 for none.
 */
import { basename } from 'node:path';
import { requestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';
import { refuseLengthsOnly } from './columns.ts';
import { findParents } from './find-parents.ts';
import { type Fields, fieldsOf, lengthOf } from './json-fields.ts';
import { emptyTrace, linesOf, shown } from './lines.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * Reads a trace in Mooncake's format, or in Qwen-Bailian's if the first line has a `chat_id`. Fields that are not named above
 * are ignored. Times count from the first request. Where the trace does not tell which request each one continues, it is found,
 * see `findParents`. O(length of the text).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the line that is no request, or that the trace is empty
 *
 * @example
 * const line = '{"timestamp": 0, "input_length": 600, "output_length": 9, "hash_ids": [46, 47]}';
 * readMooncake(Buffer.from(line), 'one.jsonl').blocks.pages; // Uint32Array [0, 1]
 */
export function readMooncake(bytes: Buffer, path: string): ServingTrace {
  const identifiers: number[] = [];
  const firstBlock: number[] = [];
  const timestamps: number[] = [];
  const inputs: number[] = [];
  const outputs: number[] = [];
  let chats: Chats | undefined;
  for (const { start, end, number } of linesOf(bytes)) {
    const place = `${path}:${number}`;
    const request = fieldsOf(bytes, start, end, place);
    if (timestamps.length === 0 && !('hash_ids' in request)) refuseLengthsOnly(Object.keys(request), place);
    if (timestamps.length === 0 && 'chat_id' in request) chats = new Chats();
    const timestamp = timestampOf(request, timestamps.at(-1) ?? 0, place);
    timestamps.push(timestamp);
    inputs.push(lengthOf(request, 'input_length', place));
    outputs.push(lengthOf(request, 'output_length', place));
    chats?.add(request, place);
    firstBlock.push(identifiers.length);
    for (const identifier of identifiersOf(request, place)) identifiers.push(identifier);
  }
  if (timestamps.length === 0) throw emptyTrace(path);
  firstBlock.push(identifiers.length);
  const blocks = requestSequence(identifiers);
  const perSecond = chats === undefined ? 1000 : 1;
  const columns = {
    blocks,
    firstBlock: new Uint32Array(firstBlock),
    time: Float64Array.from(timestamps, (timestamp) => (timestamp - timestamps[0]) / perSecond),
    inputTokens: new Uint32Array(inputs),
    outputTokens: new Uint32Array(outputs),
  };
  const parent =
    chats === undefined
      ? findParents(blocks, columns.firstBlock, columns.inputTokens)
      : Int32Array.from(chats.parents);
  return { name: basename(path), ...columns, parent };
}

/** Which request each one continues, as Qwen-Bailian's traces tell. */
class Chats {
  readonly parents: number[] = [];
  private readonly requests = new Map<unknown, number>();

  /** Adds the next request. One that continues what came before the trace begins opens a conversation. */
  add({ chat_id: chat, parent_chat_id: given }: Fields, place: string): void {
    const parent = given ?? -1;
    for (const [field, value] of Object.entries({ chat_id: chat, parent_chat_id: parent })) {
      if (typeof value === 'string' || Number.isSafeInteger(value)) continue;
      throw new Failure(
        `${place}: ${field} must be an integer or a text, found ${shown(value)}; correct the line`,
      );
    }
    this.parents.push(this.requests.get(parent) ?? -1);
    this.requests.set(chat, this.parents.length - 1);
  }
}

function timestampOf(request: Fields, previous: number, place: string): number {
  const timestamp = request.timestamp;
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp) || timestamp < 0) {
    throw new Failure(
      `${place}: timestamp must be a number ≥ 0, found ${shown(timestamp)}; correct the line`,
    );
  }
  if (timestamp < previous) {
    throw new Failure(
      `${place}: time goes back from ${previous} to ${timestamp}; sort the lines by timestamp`,
    );
  }
  return timestamp;
}

function identifiersOf(request: Fields, place: string): readonly number[] {
  const identifiers = request.hash_ids;
  if (!Array.isArray(identifiers) || identifiers.length === 0) {
    throw new Failure(
      `${place}: hash_ids must be a list of at least one block, found ${shown(identifiers)}; correct or delete the line`,
    );
  }
  for (const identifier of identifiers) {
    if (!Number.isSafeInteger(identifier) || identifier < 0) {
      throw new Failure(
        `${place}: hash_ids must be integers in 0 … 2^53 − 1, found ${shown(identifier)}; correct or delete the line`,
      );
    }
  }
  return identifiers;
}
