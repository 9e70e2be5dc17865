/** Writing columnar files: a whole trace, or accesses of single pages that come in pieces. */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { writeAll, writePieces } from '../support/write-file.ts';
import { ByteSource } from './byte-source.ts';
import { COLUMNS, type ColumnName, encodeHead } from './columnar-layout.ts';
import { findParents } from './find-parents.ts';
import type { PageColumns } from './page-columns.ts';
import type { PageWeights } from './page-weights.ts';
import { requestCount, type ServingTrace } from './serving-trace.ts';

/** Request numbers are signed integers of 32 bits in `parent`. */
const MOST_REQUESTS = 2 ** 31 - 1;

/** A column as it is about to be written. */
interface StoredColumn {
  readonly checksum: number;
  readonly pieces: () => Iterable<Uint8Array>;
}

/**
 * Writes a trace as a columnar file. Columns that say nothing are left out: times that count the requests, paths of one
 * block, parents of such paths that are what `findParents` finds, and token counts of 0. The file appears whole or not at
 * all. O(block accesses).
 *
 * @param path of the file; replaced if it exists
 * @param weights sizes and costs to be kept with it
 * @throws Failure naming the path, if it cannot be written
 */
export function writeColumnar(trace: ServingTrace, path: string, weights?: PageWeights): void {
  const { blocks, firstBlock, time, inputTokens, outputTokens, parent } = trace;
  const stored = new Map<ColumnName, StoredColumn>([['pages', inMemory(blocks.pages)]]);
  if (time.some((seconds, r) => seconds !== r)) stored.set('time', inMemory(time));
  const paths = firstBlock.some((access, r) => access !== r);
  if (paths) stored.set('firstBlock', inMemory(firstBlock));
  if (paths || !equal(parent, findParents(blocks, firstBlock, inputTokens)))
    stored.set('parent', inMemory(parent));
  if (inputTokens.some((tokens) => tokens > 0)) stored.set('inputTokens', inMemory(inputTokens));
  if (outputTokens.some((tokens) => tokens > 0)) stored.set('outputTokens', inMemory(outputTokens));
  storeWeights(stored, weights, blocks.pageCount);
  const counts = {
    requests: requestCount(trace),
    accesses: blocks.pages.length,
    pageCount: blocks.pageCount,
  };
  compose(path, counts, stored);
}

/**
 * A columnar file of accesses of single pages, written while they are read: columns grow in nameless files beside it and
 * are put together at the end.
 */
export class PagesWriter {
  private readonly path: string;
  private readonly pages: StagedColumn;
  private readonly time: StagedColumn;
  /** Whether the r-th access has come at second r, for all r so far. */
  private counting = true;
  private accesses = 0;

  /** @throws Failure if no file can be made beside `path` */
  constructor(path: string) {
    this.path = path;
    this.pages = new StagedColumn(path, 'pages');
    this.time = new StagedColumn(path, 'time');
  }

  /** @throws Failure if there are more accesses than a file can have */
  append({ pages, time, length }: PageColumns): void {
    // zlib takes the checksum of nothing for 0, whatever came before.
    if (length === 0) return;
    if (this.accesses + length > MOST_REQUESTS) {
      throw new Failure(`${this.path}: a columnar file has at most 2^31 − 1 requests; split the trace`);
    }
    for (let i = 0; i < length; i++) if (time[i] !== this.accesses++) this.counting = false;
    this.pages.append(pages.subarray(0, length));
    this.time.append(time.subarray(0, length));
  }

  /** Puts the file together. */
  finish(pageCount: number, weights?: PageWeights): void {
    const stored = new Map<ColumnName, StoredColumn>([['pages', this.pages]]);
    if (!this.counting) stored.set('time', this.time);
    storeWeights(stored, weights, pageCount);
    compose(this.path, { requests: this.accesses, accesses: this.accesses, pageCount }, stored);
  }

  /** Gives the space of the nameless files back, finished or not. */
  close(): void {
    for (const column of [this.pages, this.time]) column.close();
  }
}

/** A column that grows in a file without a name: nothing is left behind, however the program ends. */
class StagedColumn implements StoredColumn {
  checksum = 0;
  private readonly writing: number;
  private readonly reading: number;

  constructor(path: string, name: ColumnName) {
    const temporary = `${path}.${process.pid}.${name}.partial`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.writing = openSync(temporary, 'w');
      this.reading = openSync(temporary, 'r');
      rmSync(temporary);
    } catch (error) {
      throw new Failure(`${path}: cannot be written (${(error as Error).message}); choose another place`);
    }
  }

  append(numbers: Uint32Array | Int32Array | Float64Array): void {
    const bytes = bytesOf(numbers);
    this.checksum = crc32(bytes, this.checksum);
    writeAll(this.writing, bytes);
  }

  pieces(): Iterable<Uint8Array> {
    return new ByteSource(this.reading).pieces();
  }

  close(): void {
    closeSync(this.writing);
    closeSync(this.reading);
  }
}

function storeWeights(
  stored: Map<ColumnName, StoredColumn>,
  weights: PageWeights | undefined,
  pageCount: number,
): void {
  const sizes = weights?.sizes(pageCount);
  const costs = weights?.costs(pageCount);
  if (sizes) stored.set('sizes', inMemory(sizes));
  if (costs) stored.set('costs', inMemory(costs));
}

function equal(some: Int32Array, others: Int32Array): boolean {
  return some.every((number, i) => number === others[i]);
}

function inMemory(numbers: Uint32Array | Int32Array | Float64Array): StoredColumn {
  const bytes = bytesOf(numbers);
  return { checksum: crc32(bytes), pieces: () => [bytes] };
}

function bytesOf(numbers: Uint32Array | Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function compose(
  path: string,
  counts: { requests: number; accesses: number; pageCount: number },
  stored: ReadonlyMap<ColumnName, StoredColumn>,
): void {
  const checksums = new Map([...stored].map(([name, { checksum }]) => [name, checksum]));
  writePieces(path, content());
  function* content(): Generator<Uint8Array> {
    yield encodeHead({ ...counts, checksums });
    for (const { name } of COLUMNS) yield* stored.get(name)?.pieces() ?? [];
  }
}
