import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { readMooncake } from './mooncake-jsonl.ts';
import { readOracleGeneral } from './oracle-general.ts';
import { readPageText } from './page-text.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * Reads a trace, plain or compressed with gzip. The format is recognised: oracleGeneral records by `oracleGeneral` or
 * `.bin` in the file's name, Mooncake's JSON Lines by a `{` at the start, else one page identifier a line. The whole file
 * is held in memory; the Mooncake conversation trace takes 0.1 s.
 *
 * @param path of the file
 * @throws Failure in one line naming the file, the line or byte, and the remedy
 *
 * @example
 * const trace = readTrace('mooncake_conversation.jsonl.gz');
 * trace.blocks.pages.length; // 288500
 */
export function readTrace(path: string): ServingTrace {
  const bytes = decompressed(contentOf(path), path);
  if (/oracleGeneral|\.bin/.test(basename(path))) return readOracleGeneral(bytes, path);
  return startsWithBrace(bytes) ? readMooncake(bytes, path) : readPageText(bytes, path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'there is no such file; check the path',
  EISDIR: 'this is a folder; name a file in it',
  EACCES: 'reading is not permitted; change the permissions of the file',
};

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(`${path}: ${REASONS[code ?? ''] ?? `cannot be read (${message}); check the file`}`);
  }
}

function decompressed(bytes: Buffer, path: string): Buffer {
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528) {
    throw new Failure(`${path}: compressed with zstd; decompress it first (zstd -d)`);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new Failure(
      `${path}: damaged or truncated gzip (${(error as Error).message}); fetch the file again`,
    );
  }
}

function startsWithBrace(bytes: Buffer): boolean {
  let at = 0;
  while (bytes[at] <= 0x20) at++;
  return bytes[at] === 0x7b;
}
