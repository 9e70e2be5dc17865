/** Reading what the recorder wrote: groups of JSON Lines, each ended by a checksum line over the lines before it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../../src/support/failure.ts';

/** One answered request. Times are seconds of the recorder's clock. */
export interface RecordedRequest {
  readonly type: 'request';
  readonly session: number;
  readonly turn: number;
  readonly kind: string;
  readonly arrival: number;
  readonly start: number;
  readonly first: number;
  readonly end: number;
  readonly prompt: number;
  readonly output: number;
  /** Prompt tokens whose keys and values were there. */
  readonly cached: number;
  /** To read the prompt with the cached tokens reused, and without them where that was measured too. */
  readonly seconds: number;
  readonly coldSeconds: number | null;
  /** Chained hashes of the full blocks of prompt and answer. */
  readonly hashes: readonly string[];
  /** Mean and largest mass of each block in each step as bytes in base 64. */
  readonly attention?: readonly [string, string];
}

/** The beginning of a run or its end; a recording that was interrupted has several. */
export interface RunFacts {
  readonly type: 'start' | 'stop';
  readonly [fact: string]: unknown;
}

export interface Recording {
  /** By arrival. */
  readonly requests: readonly RecordedRequest[];
  readonly runs: readonly RunFacts[];
  /** Bytes at the end that the recorder had not finished writing; they are left out. */
  readonly unfinished: number;
}

/**
 * Reads a recording, also one that was interrupted.
 *
 * @throws Failure naming the file and the byte, if one but the last is damaged, or if nothing was recorded
 */
export function readRecording(folder: string): Recording {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^chunk-\d+\.jsonl$/.test(name))
    : [];
  if (files.length === 0)
    throw new Failure(`${folder}: no recording; give the folder that record.py was given`);
  const records: (RecordedRequest | RunFacts)[] = [];
  let unfinished = 0;
  files.sort().forEach((name, i) => {
    const path = join(folder, name);
    const bytes = readFileSync(path);
    const valid = readGroups(bytes, records);
    unfinished = bytes.length - valid;
    if (unfinished > 0 && i < files.length - 1)
      throw new Failure(`${path}: byte ${valid}: damaged; restore the file or record again`);
  });
  const requests = records.filter((record) => record.type === 'request') as RecordedRequest[];
  if (requests.length === 0) throw new Failure(`${folder}: no request was recorded; run record.py longer`);
  requests.sort((a, b) => a.arrival - b.arrival || a.session - b.session);
  return { requests, runs: records.filter((record) => record.type !== 'request') as RunFacts[], unfinished };
}

/** Appends the records of all whole groups. Returns the number of bytes up to the last valid checksum line. */
function readGroups(bytes: Buffer, records: (RecordedRequest | RunFacts)[]): number {
  let [valid, at] = [0, 0];
  let group = [];
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
    const value = parsed(bytes.toString('utf8', at, end));
    if (value === undefined) break;
    if ('crc32' in value) {
      if (value.lines !== group.length || value.crc32 !== crc32(bytes.subarray(valid, at))) break;
      records.push(...group);
      group = [];
      valid = end + 1;
    } else group.push(value);
    at = end + 1;
  }
  return valid;
}

function parsed(line: string) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
