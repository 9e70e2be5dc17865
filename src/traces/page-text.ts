/** Traces of single pages as text: one page identifier a line, as in the Brightkite and CitiBike instances. */
import { Failure } from '../support/failure.ts';
import { Numbering } from '../support/numbering.ts';
import { afterBlanks, beforeBlanks, forEachLine, shown } from './lines.ts';
import { PageColumns } from './page-columns.ts';
import { isHash, pageOfDigits } from './page-identifier.ts';
import { type PageReader, readAllPages } from './page-reader.ts';
import type { ServingTrace } from './serving-trace.ts';

/**
 * Reads one page identifier a line: an integer in 0 … 2⁶⁴ − 1, or a hash of at least 16 letters and digits. Anything
 * shorter that is no integer is refused: it is more likely a heading or a slip than a page. Blank lines are skipped. The
 * format has no times: request i arrives at second i.
 */
export class PageTextReader implements PageReader {
  readonly columns = new PageColumns();
  private readonly numbering = new Numbering();
  private readonly path: string;
  private number = 0;

  /** @param path names the file in failures */
  constructor(path: string) {
    this.path = path;
  }

  get pageCount(): number {
    return this.numbering.count;
  }

  read(bytes: Buffer, last: boolean): number {
    const { columns } = this;
    const { used, number } = forEachLine(bytes, last, this.number, (start, end, number) => {
      columns.add(this.page(bytes, start, end, number), columns.total);
    });
    this.number = number;
    return used;
  }

  private page(bytes: Buffer, lineStart: number, lineEnd: number, number: number): number {
    const start = afterBlanks(bytes, lineStart, lineEnd);
    const end = beforeBlanks(bytes, start, lineEnd);
    const page = pageOfDigits(this.numbering, bytes, start, end);
    if (page >= 0) return page;
    const text = bytes.toString('latin1', start, Math.min(end, start + LONGEST_HASH + 1));
    if (text.length <= LONGEST_HASH && isHash(text)) return this.numbering.ofText(text);
    throw new Failure(
      `${this.path}:${number}: ${shown(text)} is not a page identifier; write one a line: an integer in 0 … 2^64 − 1, or a hash of at least 16 letters and digits`,
    );
  }
}

const LONGEST_HASH = 1024;

/**
 * Reads a whole trace of one page identifier a line. O(length of the text).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the line that is no page identifier, or that the trace is empty
 *
 * @example
 * readPageText(Buffer.from('7\n9\n7\n'), 'small.txt').blocks.pages; // Uint32Array [0, 1, 0]
 */
export function readPageText(bytes: Buffer, path: string): ServingTrace {
  return readAllPages(new PageTextReader(path), bytes, path);
}
