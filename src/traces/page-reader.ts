import { Failure } from '../support/failure.ts';
import { emptyTrace } from './lines.ts';
import type { PageColumns } from './page-columns.ts';
import type { ServingTrace } from './serving-trace.ts';

/** Reads a format of single pages piece by piece, so that a file may be larger than the memory. */
export interface PageReader {
  /** What has been read; whoever takes accesses out clears it. */
  readonly columns: PageColumns;
  /** How many different pages have been read. */
  readonly pageCount: number;
  /**
   * Reads whole lines or records from the start of `bytes` into the columns.
   *
   * @param last whether the file ends with these bytes
   * @returns how many bytes were read; the rest must come again in front of the next piece
   * @throws Failure naming the file and the line or byte that is wrong
   */
  read(bytes: Buffer, last: boolean): number;
}

/** Larger than any line or record of a page trace: whatever needs more is another kind of file. */
const LONGEST_REST = 1 << 24;

/** A whole file at once. @throws Failure, also if the trace is empty */
export function readAllPages(reader: PageReader, bytes: Buffer, path: string): ServingTrace {
  reader.read(bytes, true);
  return reader.columns.trace(path, reader.pageCount);
}

/**
 * A file in pieces: after each the columns hold what it added, until they are asked for the next.
 *
 * @throws Failure, also if the trace is empty
 */
export async function* readPagesByPiece(
  reader: PageReader,
  pieces: AsyncIterable<Buffer>,
  path: string,
): AsyncGenerator<PageColumns> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    rest = bytes.subarray(reader.read(bytes, false));
    if (rest.length > LONGEST_REST) {
      throw new Failure(`${path}: a line is longer than 16 MiB; give a trace of one access a line`);
    }
    yield reader.columns;
    reader.columns.clear();
  }
  reader.read(rest, true);
  if (reader.columns.total === 0) throw emptyTrace(path);
  yield reader.columns;
}
