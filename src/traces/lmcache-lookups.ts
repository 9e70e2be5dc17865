/**
 * LMCache's log of lookups (`lmcache server --lookup-hash-log-dir`, release 0.5): JSON Lines with `timestamp` in seconds,
 * `request_id`, `seq_len` in tokens, and `chunk_hashes`, the chained hashes of the prompt's whole chunks as hexadecimal texts.
 */
import { basename } from 'node:path';
import { Failure } from '../support/failure.ts';
import { findParents } from './find-parents.ts';
import { type Fields, fieldsOf, lengthOf } from './json-fields.ts';
import { emptyTrace, linesOf, shown } from './lines.ts';
import type { ServingTrace } from './serving-trace.ts';

interface Lookup {
  readonly time: number;
  readonly tokens: number;
  readonly chunks: readonly string[];
}

/**
 * Reads such a log. A request that was looked up several times counts once, the first time; one without a whole chunk has no
 * blocks and is left out. Lines are taken in the order of their times, since the log's writer does not keep it strictly. Lengths
 * of answers are not told. O(length of the text + lookups · log lookups).
 *
 * @param bytes content of the file, or of several one after the other
 * @param path names the file in failures
 * @throws Failure naming the line that is no lookup, or that the trace is empty
 *
 * @example
 * const line = '{"timestamp": 5.5, "request_id": "a", "seq_len": 600, "chunk_hashes": ["0xab", "0xcd"]}';
 * readLookups(Buffer.from(line), 'lookup_hashes.jsonl').blocks.pages; // Uint32Array [0, 1]
 */
export function readLookups(bytes: Buffer, path: string): ServingTrace {
  const lookups: Lookup[] = [];
  const seen = new Set<string>();
  for (const { start, end, number } of linesOf(bytes)) {
    const place = `${path}:${number}`;
    const fields = fieldsOf(bytes, start, end, place);
    const lookup = lookupOf(fields, place);
    const { request_id: request } = fields;
    if (lookup.chunks.length === 0) continue;
    if (typeof request === 'string' && request !== '') {
      if (seen.has(request)) continue;
      seen.add(request);
    }
    lookups.push(lookup);
  }
  if (lookups.length === 0) throw emptyTrace(path);
  lookups.sort((a, b) => a.time - b.time);
  return columnsOf(lookups, basename(path));
}

function columnsOf(lookups: readonly Lookup[], name: string): ServingTrace {
  const numbers = new Map<string, number>();
  const firstBlock = new Uint32Array(lookups.length + 1);
  for (const [r, { chunks }] of lookups.entries()) firstBlock[r + 1] = firstBlock[r] + chunks.length;
  const pages = new Uint32Array(firstBlock[lookups.length]);
  for (const [r, { chunks }] of lookups.entries()) {
    for (const [i, chunk] of chunks.entries()) {
      const page = numbers.get(chunk) ?? numbers.size;
      numbers.set(chunk, page);
      pages[firstBlock[r] + i] = page;
    }
  }
  const blocks = { pages, pageCount: numbers.size };
  const inputTokens = Uint32Array.from(lookups, ({ tokens }) => tokens);
  return {
    name,
    blocks,
    firstBlock,
    time: Float64Array.from(lookups, ({ time }) => time - lookups[0].time),
    inputTokens,
    outputTokens: new Uint32Array(lookups.length),
    parent: findParents(blocks, firstBlock, inputTokens),
  };
}

function lookupOf(fields: Fields, place: string): Lookup {
  const { timestamp: time, chunk_hashes: chunks } = fields;
  if (typeof time !== 'number' || !Number.isFinite(time) || time < 0)
    throw new Failure(`${place}: timestamp must be a number ≥ 0, found ${shown(time)}; correct the line`);
  if (!Array.isArray(chunks))
    throw new Failure(
      `${place}: chunk_hashes must be a list, found ${shown(chunks)}; correct or delete the line`,
    );
  const wrong = chunks.find((chunk) => typeof chunk !== 'string' || !/^0x[0-9a-f]+$/i.test(chunk));
  if (wrong !== undefined)
    throw new Failure(
      `${place}: chunk_hashes must be texts such as "0xab", found ${shown(wrong)}; correct or delete the line`,
    );
  return { time, tokens: lengthOf(fields, 'seq_len', place), chunks };
}
