/**
 * Tables as text, one access a line: fields between commas, semicolons or tabs, with or without a header. The page is the
 * identifier as it stands, as in libCacheSim: an operation on several blocks is one access of the page that its number
 * names, and is not expanded.
 */
import { Failure } from '../support/failure.ts';
import { Numbering } from '../support/numbering.ts';
import { type ColumnNames, type ColumnPlaces, findColumns } from './columns.ts';
import { CsvLine, delimiterOf } from './csv-line.ts';
import { forEachLine, shown } from './lines.ts';
import { PageColumns } from './page-columns.ts';
import { pageOfDigits } from './page-identifier.ts';
import { type PageReader, readAllPages } from './page-reader.ts';
import { type PageWeights, WEIGHT_RANGES, type WeightColumn } from './page-weights.ts';
import type { ServingTrace } from './serving-trace.ts';

const LONGEST_TEXT = 1024;
const NUMBER = /^[-+]?[\d.]+(e[-+]?\d+)?$/i;

/**
 * Reads a table. A page is an integer in 0 … 2⁶⁴ − 1, or any text that is no number; a time is a number of seconds ≥ 0.
 * A file without times has one access a second.
 */
export class CsvReader implements PageReader {
  readonly columns = new PageColumns();
  private readonly numbering = new Numbering();
  private readonly path: string;
  private readonly given: ColumnNames;
  private readonly weights: PageWeights | undefined;
  private number = 0;
  private line: CsvLine | undefined;
  private width = 0;
  private places: ColumnPlaces = { time: -1, page: 0, size: -1, cost: -1 };
  private first = 0;
  private latest = 0;

  /**
   * @param path names the file in failures
   * @param given columns that are not to be found by their usual names
   * @param weights gathers sizes and costs, where there are such columns
   */
  constructor(path: string, given: ColumnNames = {}, weights?: PageWeights) {
    this.path = path;
    this.given = given;
    this.weights = weights;
  }

  get pageCount(): number {
    return this.numbering.count;
  }

  read(bytes: Buffer, last: boolean): number {
    const { used, number } = forEachLine(bytes, last, this.number, (start, end, number) => {
      if (this.line === undefined && this.takeHeader(bytes, start + byteOrderMark(bytes, start), end, number))
        return;
      this.takeAccess(bytes, start, end, number);
    });
    this.number = number;
    return used;
  }

  /** Finds delimiter and columns in the first line. Returns whether it is a header. */
  private takeHeader(bytes: Buffer, start: number, end: number, number: number): boolean {
    const line = new CsvLine(delimiterOf(bytes, start, end));
    this.line = line;
    this.width = this.split(bytes, start, end, number);
    const fields = Array.from({ length: this.width }, (_, field) => line.text(bytes, field, LONGEST_TEXT));
    const isHeader = !fields.some((field) => NUMBER.test(field));
    this.places = findColumns(
      isHeader ? fields : undefined,
      this.width,
      this.given,
      `${this.path}:${number}`,
    );
    return isHeader;
  }

  private takeAccess(bytes: Buffer, start: number, end: number, number: number): void {
    const width = this.split(bytes, start, end, number);
    if (width !== this.width) {
      throw this.failure(
        number,
        `${width} fields where the first line has ${this.width}; correct or delete the line`,
      );
    }
    const { columns, places } = this;
    const time = places.time < 0 ? columns.total : this.time(bytes, number);
    const page = this.page(bytes, number);
    if (this.weights !== undefined) this.weigh(this.weights, page, bytes, number);
    columns.add(page, time);
  }

  private split(bytes: Buffer, start: number, end: number, number: number): number {
    const width = (this.line as CsvLine).split(bytes, start, end);
    if (width < 0) throw this.failure(number, 'a quoted field does not end; correct the line');
    return width;
  }

  private page(bytes: Buffer, number: number): number {
    const line = this.line as CsvLine;
    const field = this.places.page;
    const page = pageOfDigits(this.numbering, bytes, line.start[field], line.end[field]);
    if (page >= 0) return page;
    const text = line.text(bytes, field, LONGEST_TEXT + 1);
    if (text !== '' && text.length <= LONGEST_TEXT && !NUMBER.test(text)) return this.numbering.ofText(text);
    throw this.failure(
      number,
      `${shown(text)} is not a page identifier; it must be an integer in 0 … 2^64 − 1 or a text that is no number`,
    );
  }

  private time(bytes: Buffer, number: number): number {
    const text = (this.line as CsvLine).text(bytes, this.places.time, LONGEST_TEXT);
    const time = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) {
      throw this.failure(number, `the time must be a number ≥ 0, found ${shown(text)}; correct the line`);
    }
    if (this.columns.total === 0) this.first = time;
    else if (time < this.latest) {
      throw this.failure(number, `time goes back from ${this.latest} to ${time}; sort the lines by time`);
    }
    this.latest = time;
    return time - this.first;
  }

  private weigh(weights: PageWeights, page: number, bytes: Buffer, number: number): void {
    const line = this.line as CsvLine;
    const { places } = this;
    const text = (column: WeightColumn) => line.text(bytes, places[column], LONGEST_TEXT);
    const value = (column: WeightColumn) => (NUMBER.test(text(column)) ? Number(text(column)) : Number.NaN);
    const refuse = (column: WeightColumn) =>
      this.failure(
        number,
        `the ${column} must be ${WEIGHT_RANGES[column]}, found ${shown(text(column))}; correct or delete the line`,
      );
    if (places.size >= 0) weights.takeSize(page, value('size'), refuse);
    if (places.cost >= 0) weights.takeCost(page, value('cost'), refuse);
  }

  private failure(number: number, what: string): Failure {
    return new Failure(`${this.path}:${number}: ${what}`);
  }
}

/** Length of the mark that some programs put before text in UTF-8. */
function byteOrderMark(bytes: Buffer, start: number): number {
  return bytes.readUIntBE(start, Math.min(3, bytes.length - start)) === 0xefbbbf ? 3 : 0;
}

/**
 * Reads a whole table. O(length of the text).
 *
 * @param bytes content of the file
 * @param path names the file in failures
 * @throws Failure naming the line that is wrong, or that there is no column of pages, or no access
 *
 * @example
 * readCsv(Buffer.from('time,op,lbn\n0,read,7\n2,write,9\n2,read,7\n'), 'small.csv').blocks.pages; // Uint32Array [0, 1, 0]
 */
export function readCsv(
  bytes: Buffer,
  path: string,
  given: ColumnNames = {},
  weights?: PageWeights,
): ServingTrace {
  return readAllPages(new CsvReader(path, given, weights), bytes, path);
}
