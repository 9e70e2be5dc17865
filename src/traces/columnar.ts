/** Reading columnar files, whole or, where only the pages are needed, piece by piece. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { firstPageBeyond, unsoundColumn } from './check-columns.ts';
import {
  COLUMNS,
  type ColumnarHead,
  type ColumnName,
  columnLength,
  columnStart,
  damagedAt,
  decodeHead,
  HEAD_BYTES,
} from './columnar-layout.ts';
import { withFile } from './content.ts';
import { findParents } from './find-parents.ts';
import type { PageWeights } from './page-weights.ts';
import type { ServingTrace } from './serving-trace.ts';

/** Pages read at a time. */
const CHUNK = 1 << 18;
/** Most bytes that one call reads: within the system's limit, and not yet out of the processor's cache when checked. */
const LARGEST_READ = 1 << 18;

/**
 * Reads a whole columnar file: each stored column straight into the memory of its typed array. Others are made from nothing,
 * those that count the requests or tell parents when they are first asked for: that would take as long as reading the pages.
 *
 * @param weights is given the sizes and costs, where they are stored
 * @throws Failure naming the byte at which the column begins whose checksum is wrong, or at which a number is that cannot be
 */
export function readColumnar(path: string, weights?: PageWeights): ServingTrace {
  return withFile(path, (file) => {
    const head = readHead(file, path);
    const { requests, pageCount, checksums } = head;
    const integers = (name: ColumnName): Uint32Array => {
      const column = new Uint32Array(columnLength(head, name));
      if (checksums.has(name)) fill(column, file, head, name, path);
      return column;
    };
    try {
      const time = new Float64Array(requests);
      if (checksums.has('time')) fill(time, file, head, 'time', path);
      const firstBlock = integers('firstBlock');
      const blocks = { pages: integers('pages'), pageCount };
      const inputTokens = integers('inputTokens');
      const outputTokens = integers('outputTokens');
      let parent = checksums.has('parent') ? new Int32Array(integers('parent').buffer) : undefined;
      if (weights !== undefined) takeWeights(weights, file, head, path);
      const checked = { blocks, firstBlock, time, parent: parent ?? new Int32Array(0) };
      const unsound = unsoundColumn(checked, (column) => checksums.has(column));
      if (unsound) throw unsoundAt(path, head, unsound.column, unsound.at);
      const counted = {
        time: checksums.has('time') ? () => time : counting(time),
        firstBlock: checksums.has('firstBlock') ? () => firstBlock : counting(firstBlock),
      };
      return {
        name: basename(path),
        blocks,
        inputTokens,
        outputTokens,
        get parent() {
          parent ??= findParents(blocks, counted.firstBlock(), inputTokens);
          return parent;
        },
        get time() {
          return counted.time();
        },
        get firstBlock() {
          return counted.firstBlock();
        },
      };
    } catch (error) {
      throw error instanceof RangeError ? tooLarge(path) : error;
    }
  });
}

/** A function that gives a column of zeros, written with 0, 1, 2, … at its first call. */
function counting<Column extends Uint32Array | Float64Array>(column: Column): () => Column {
  let counted = false;
  return () => {
    if (!counted) for (let i = 0; i < column.length; i++) column[i] = i;
    counted = true;
    return column;
  };
}

function takeWeights(weights: PageWeights, file: number, head: ColumnarHead, path: string): void {
  const { pageCount, checksums } = head;
  const sizes = checksums.has('sizes') ? new Uint32Array(pageCount) : undefined;
  const costs = checksums.has('costs') ? new Float64Array(pageCount) : undefined;
  if (sizes) fill(sizes, file, head, 'sizes', path);
  if (costs) fill(costs, file, head, 'costs', path);
  weights.takeAll(sizes, costs);
}

/** The pages of a columnar file without the rest of it. */
export interface PageStream {
  readonly name: string;
  readonly accesses: number;
  readonly pageCount: number;
  /**
   * All pages in order, in chunks whose memory is used again. Each call reads the file anew.
   *
   * @throws Failure after the last chunk, if the checksum is wrong
   */
  readonly chunks: () => Generator<Uint32Array>;
}

/**
 * Opens a columnar file for reading its pages at bounded memory.
 *
 * @throws Failure if the file is not columnar or its head is damaged
 */
export function streamPages(path: string): PageStream {
  const head = withFile(path, (file) => readHead(file, path));
  return {
    name: basename(path),
    accesses: head.accesses,
    pageCount: head.pageCount,
    chunks: () => pageChunks(path, head),
  };
}

function* pageChunks(path: string, head: ColumnarHead): Generator<Uint32Array> {
  const file = openSync(path, 'r');
  try {
    const chunk = new Uint32Array(CHUNK);
    const start = columnStart(head, 'pages');
    let checksum = 0;
    for (let done = 0; done < head.accesses; done += CHUNK) {
      const pages = chunk.subarray(0, Math.min(CHUNK, head.accesses - done));
      checksum = readInto(bytesOf(pages), file, start + 4 * done, checksum, path);
      const beyond = firstPageBeyond(pages, head.pageCount);
      if (beyond >= 0) throw unsoundAt(path, head, 'pages', done + beyond);
      yield pages;
    }
    if (checksum !== head.checksums.get('pages')) throw wrongChecksum(path, head, 'pages');
  } finally {
    closeSync(file);
  }
}

function readHead(file: number, path: string): ColumnarHead {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const length = readSync(file, bytes, 0, HEAD_BYTES, 0);
  return decodeHead(bytes.subarray(0, length), fstatSync(file).size, path);
}

function fill(
  column: Uint32Array | Float64Array,
  file: number,
  head: ColumnarHead,
  name: ColumnName,
  path: string,
): void {
  const checksum = readInto(bytesOf(column), file, columnStart(head, name), 0, path);
  if (checksum !== head.checksums.get(name)) throw wrongChecksum(path, head, name);
}

/** Fills `bytes` from a place in the file. Returns the checksum of all bytes since it was 0. */
function readInto(bytes: Uint8Array, file: number, start: number, checksum: number, path: string): number {
  for (let at = 0; at < bytes.length; ) {
    const part = bytes.subarray(at, at + LARGEST_READ);
    const read = readSync(file, part, 0, part.length, start + at);
    if (read === 0) throw damagedAt(path, start + at, 'the file has become shorter');
    checksum = crc32(part.subarray(0, read), checksum);
    at += read;
  }
  return checksum;
}

function bytesOf(column: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function wrongChecksum(path: string, head: ColumnarHead, name: ColumnName): Failure {
  return damagedAt(path, columnStart(head, name), `the checksum of the column ${name} is wrong`);
}

function unsoundAt(path: string, head: ColumnarHead, name: ColumnName, index: number): Failure {
  const { bytes } = COLUMNS.find((column) => column.name === name) ?? COLUMNS[0];
  const what = `number ${index + 1} of the column ${name} cannot be`;
  return damagedAt(path, columnStart(head, name) + bytes * index, what);
}

function tooLarge(path: string): Failure {
  return new Failure(
    `${path}: too large for the memory; simulate it piece by piece with onebit compare --stream or onebit curve --sample`,
  );
}
