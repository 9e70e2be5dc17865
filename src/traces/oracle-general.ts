/**
 * libCacheSim's oracleGeneral: packed little-endian records of 24 bytes, uint32 time in seconds, uint64 page, uint32
 * size in bytes, int64 next access. Sizes and next accesses are not used: pages are of unit size, and next requests
 * are recomputed where a policy may see them.
 */
import { basename } from 'node:path';
import { requestSequence } from '../paging/request-sequence.ts';
import { Failure } from '../support/failure.ts';
import { emptyTrace } from './lines.ts';
import { pageTrace } from './page-trace.ts';
import type { ServingTrace } from './serving-trace.ts';

const RECORD_BYTES = 24;

/** Above this, two 64-bit identifiers could round to the same number. */
const LARGEST_HIGH_WORD = 2 ** 21 - 1;

/**
 * Reads oracleGeneral records. Identifiers keep all of their 64 bits. O(length).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the byte where the file is cut off or time goes back, or that the trace is empty
 */
export function readOracleGeneral(bytes: Buffer, path: string): ServingTrace {
  const requests = Math.floor(bytes.length / RECORD_BYTES);
  const whole = requests * RECORD_BYTES;
  if (whole !== bytes.length) {
    throw new Failure(
      `${path}: byte ${whole}: the last record has ${bytes.length - whole} of ${RECORD_BYTES} bytes; fetch the file again`,
    );
  }
  if (requests === 0) throw emptyTrace(path);
  const identifiers: (number | bigint)[] = [];
  const time = new Float64Array(requests);
  const start = bytes.readUInt32LE(0);
  for (let r = 0, at = 0; r < requests; r++, at += RECORD_BYTES) {
    time[r] = bytes.readUInt32LE(at) - start;
    if (time[r] < (r === 0 ? 0 : time[r - 1])) {
      throw new Failure(`${path}: byte ${at}: time goes back; sort the records by time`);
    }
    const low = bytes.readUInt32LE(at + 4);
    const high = bytes.readUInt32LE(at + 8);
    const exact = high <= LARGEST_HIGH_WORD;
    identifiers.push(exact ? high * 2 ** 32 + low : bytes.readBigUInt64LE(at + 4));
  }
  return pageTrace(basename(path), requestSequence(identifiers), time);
}
