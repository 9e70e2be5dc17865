/**
 * libCacheSim's oracleGeneral: packed little-endian records of 24 bytes, uint32 time in seconds, uint64 page, uint32
 * size in bytes, int64 next access. Next accesses are not used: they are recomputed where a policy may see them.
 */
import { Failure } from '../support/failure.ts';
import { Numbering } from '../support/numbering.ts';
import { PageColumns } from './page-columns.ts';
import { type PageReader, readAllPages } from './page-reader.ts';
import { type PageWeights, WEIGHT_RANGES } from './page-weights.ts';
import type { ServingTrace } from './serving-trace.ts';

const RECORD_BYTES = 24;

/** Reads oracleGeneral records. Identifiers keep all of their 64 bits. */
export class OracleGeneralReader implements PageReader {
  readonly columns = new PageColumns();
  private readonly numbering = new Numbering();
  private readonly path: string;
  private readonly weights: PageWeights | undefined;
  private first = 0;
  private latest = 0;

  /**
   * @param path names the file in failures
   * @param weights gathers sizes
   */
  constructor(path: string, weights?: PageWeights) {
    this.path = path;
    this.weights = weights;
  }

  get pageCount(): number {
    return this.numbering.count;
  }

  read(bytes: Buffer, last: boolean): number {
    const whole = bytes.length - (bytes.length % RECORD_BYTES);
    for (let at = 0; at < whole; at += RECORD_BYTES) {
      const time = bytes.readUInt32LE(at);
      if (this.columns.total === 0) this.first = time;
      else if (time < this.latest) throw this.failure('time goes back; sort the records by time');
      this.latest = time;
      const page = this.numbering.ofInteger(bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8));
      this.weights?.takeSize(page, bytes.readUInt32LE(at + 12), this.noSize);
      this.columns.add(page, time - this.first);
    }
    if (last && whole < bytes.length) {
      throw this.failure(
        `the last record has ${bytes.length - whole} of ${RECORD_BYTES} bytes; fetch the file again`,
      );
    }
    return whole;
  }

  /** A size in a record can be wrong in one way only. */
  private readonly noSize = () =>
    this.failure(`the size must be ${WEIGHT_RANGES.size}, found 0; write sizes, or count capacity in pages`);

  /** A failure at the record that is being read. */
  private failure(what: string): Failure {
    return new Failure(`${this.path}: byte ${RECORD_BYTES * this.columns.total}: ${what}`);
  }
}

/**
 * Reads a whole file of oracleGeneral records. O(length).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the byte where the file is cut off or time goes back, or that the trace is empty
 */
export function readOracleGeneral(bytes: Buffer, path: string, weights?: PageWeights): ServingTrace {
  return readAllPages(new OracleGeneralReader(path, weights), bytes, path);
}
