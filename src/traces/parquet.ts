/**
 * Tables in Parquet files, one access a row. Columns are found as in text tables (`columns.ts`); timestamps of any unit are
 * seconds here, and integers keep all 64 bits. Only the columns that are used are read, one row group at a time.
 */
import { fstatSync, readSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { parquetHeader, readColumn } from 'hyparquet/src/column.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import { Failure } from '../support/failure.ts';
import { Numbering } from '../support/numbering.ts';
import { withinTime } from '../support/within-time.ts';
import { ByteSource } from './byte-source.ts';
import { type ColumnNames, type ColumnPlaces, findColumns } from './columns.ts';
import { withFile } from './content.ts';
import { shown } from './lines.ts';
import { PageColumns } from './page-columns.ts';
import { type PageWeights, WEIGHT_RANGES, type WeightColumn } from './page-weights.ts';
import type { ServingTrace } from './serving-trace.ts';
import { zstdPieces } from './zstd.ts';

const MAGIC = 'PAR1';
/** Length of the metadata and the mark at the end of a file. */
const TAIL_BYTES = 8;

/** Whether a file begins as Parquet does. */
export function isParquet(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === MAGIC;
}

const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gunzipSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliDecompressSync(bytes),
  ZSTD: (bytes: Uint8Array) => Buffer.concat([...zstdPieces(new ByteSource(Buffer.from(bytes)))]),
};

/** Seconds as numbers instead of dates, which would end at milliseconds. */
const PARSERS = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: (time: bigint) => Number(time) / 1e3,
  timestampFromMicroseconds: (time: bigint) => Number(time) / 1e6,
  timestampFromNanoseconds: (time: bigint) => Number(time) / 1e9,
};

/**
 * Reads a Parquet file: plain, or compressed with snappy, gzip, brotli or zstd. A page is an integer, signed or not, or a
 * text; a time is a number of seconds or a timestamp. Without times there is one access a second. O(rows).
 *
 * @param given columns that are not to be found by their usual names
 * @param weights gathers sizes and costs, where there are such columns
 * @throws Failure naming the file and the row, or that the file is damaged, or that the trace is empty
 */
export function readParquet(path: string, given: ColumnNames = {}, weights?: PageWeights): ServingTrace {
  return withFile(path, (file) => {
    const length = fstatSync(file).size;
    const metadata = sound(path, length, () => readMetadata(file, length));
    const names = metadata.schema.slice(1).map(({ name }) => name);
    const places = findColumns(names, names.length, given, path);
    const columns = new PageColumns();
    const numbering = new Numbering();
    let [first, latest] = [0, 0];
    for (const { columns: chunks, num_rows } of metadata.row_groups) {
      const values = (name: string) =>
        sound(path, length, () =>
          columnValues(file, length, metadata, chunkOf(chunks, name), Number(num_rows)),
        );
      const pages = values(names[places.page]);
      const times = places.time < 0 ? undefined : values(names[places.time]);
      const weigh = weights === undefined ? undefined : weigher(weights, places, (at) => values(names[at]));
      for (let row = 0; row < pages.length; row++) {
        const place = () => `${path}: row ${columns.total + 1}`;
        const page = pageOf(numbering, pages[row]);
        if (page < 0) {
          throw new Failure(
            `${place()}: ${printable(pages[row])} is not a page identifier; it must be an integer or a text`,
          );
        }
        const time = times === undefined ? columns.total : Number(times[row] ?? Number.NaN);
        if (!Number.isFinite(time))
          throw new Failure(
            `${place()}: the time must be a number, found ${printable(times?.[row])}; correct the row`,
          );
        if (columns.total === 0) first = time;
        else if (time < latest)
          throw new Failure(`${place()}: time goes back from ${latest} to ${time}; sort the rows by time`);
        latest = time;
        weigh?.(page, row, place);
        columns.add(page, time - first);
      }
    }
    return columns.trace(path, numbering.count);
  });
}

/** Takes the weights of a page from the columns of a row group that hold them. */
function weigher(
  weights: PageWeights,
  { size, cost }: ColumnPlaces,
  values: (place: number) => ArrayLike<unknown>,
): (page: number, row: number, place: () => string) => void {
  const found = { size: size < 0 ? undefined : values(size), cost: cost < 0 ? undefined : values(cost) };
  return (page, row, place) => {
    const refuse = (column: WeightColumn) =>
      new Failure(
        `${place()}: the ${column} must be ${WEIGHT_RANGES[column]}, found ${printable(found[column]?.[row])}; correct or delete the row`,
      );
    if (found.size) weights.takeSize(page, Number(found.size[row] ?? Number.NaN), refuse);
    if (found.cost) weights.takeCost(page, Number(found.cost[row] ?? Number.NaN), refuse);
  };
}

/** Time for one part of a file, in milliseconds, and the bytes of the file that add one more: many times what it takes. */
const PART_MILLISECONDS = 2000;
const BYTES_A_MILLISECOND = 1e4;

/** What hyparquet makes of damaged bytes can be any error, or not end. */
function sound<Result>(path: string, length: number, read: () => Result): Result {
  try {
    return withinTime(PART_MILLISECONDS + Math.floor(length / BYTES_A_MILLISECOND), read);
  } catch (error) {
    throw new Failure(
      `${path}: damaged, truncated or unsupported Parquet (${(error as Error).message.split('\n')[0]}); fetch or write the file again`,
    );
  }
}

function readMetadata(file: number, length: number): FileMetaData {
  const tail = readAt(file, Math.max(0, length - TAIL_BYTES), TAIL_BYTES, length);
  const start = length - TAIL_BYTES - tail.readUInt32LE(0);
  const metadata = parquetMetadata(readAt(file, start, length - start, length), { geoparquet: false });
  const rows = metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n);
  check(rows === metadata.num_rows, `${rows} rows of ${metadata.num_rows}`);
  check(
    metadata.schema.every(({ name }) => typeof name === 'string'),
    'a column without a name',
  );
  // One column a name; what is nested or repeated holds no single access a row.
  check(metadata.schema.length - 1 === metadata.schema[0].num_children, 'nested columns');
  check(
    !metadata.schema.some((element, i) => i > 0 && element.repetition_type === 'REPEATED'),
    'repeated columns',
  );
  return metadata;
}

function chunkOf(chunks: FileMetaData['row_groups'][number]['columns'], name: string): ColumnMetaData {
  const chunk = chunks.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data;
  check(chunk !== undefined, `no data of column ${name}`);
  return chunk;
}

/** The values of a column in one row group. */
function columnValues(
  file: number,
  length: number,
  metadata: FileMetaData,
  chunk: ColumnMetaData,
  rows: number,
): ArrayLike<unknown> {
  const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
  const bytes = readAt(
    file,
    Math.min(start, Number(chunk.data_page_offset)),
    Number(chunk.total_compressed_size),
    length,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  checkPages(view, chunk, rows);
  const schemaPath = getTreePath(parquetSchema(metadata), chunk.path_in_schema);
  const decoder = {
    pathInSchema: chunk.path_in_schema,
    element: schemaPath[schemaPath.length - 1].element,
    schemaPath,
    type: chunk.type,
    codec: chunk.codec,
    compressors: COMPRESSORS,
    parsers: PARSERS as unknown as typeof DEFAULT_PARSERS,
  };
  const group = { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows };
  const { data } = readColumn({ view, offset: 0 }, group, decoder);
  const found = data.reduce((sum, part) => sum + part.length, 0);
  check(found === rows, `${found} values of ${rows}`);
  return data.length === 1 ? data[0] : data.flatMap((part) => Array.from(part as ArrayLike<unknown>));
}

/** Compares what the page headers promise with the chunk's totals, before anything is made room for. */
function checkPages(view: DataView, chunk: ColumnMetaData, rows: number): void {
  const reader = { view, offset: 0 };
  let [values, bytes] = [0, 0];
  while (reader.offset < view.byteLength) {
    const start = reader.offset;
    const header = parquetHeader(reader);
    const { compressed_page_size: size, uncompressed_page_size: unpacked } = header;
    check(size >= 0 && reader.offset + size <= view.byteLength, 'a page is cut off');
    bytes += reader.offset - start + Number(unpacked);
    values += header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    const words = header.dictionary_page_header?.num_values ?? 0;
    check(words >= 0 && words <= 8 * Number(unpacked), 'a dictionary is too long');
    reader.offset += size;
  }
  check(values === rows && Number(chunk.num_values) === rows, `${values} values of ${rows}`);
  check(
    bytes === Number(chunk.total_uncompressed_size),
    `${bytes} bytes of ${chunk.total_uncompressed_size}`,
  );
}

function pageOf(numbering: Numbering, value: unknown): number {
  if (typeof value === 'bigint') {
    const bits = BigInt.asUintN(64, value);
    return numbering.ofInteger(Number(bits & 0xffffffffn), Number(bits >> 32n));
  }
  // Two's complement, as for 64-bit integers.
  if (Number.isSafeInteger(value))
    return numbering.ofInteger(value as number, Math.floor((value as number) / 2 ** 32));
  return typeof value === 'string' && value !== '' ? numbering.ofText(value) : -1;
}

function printable(value: unknown): string {
  return shown(typeof value === 'bigint' ? String(value) : value);
}

function readAt(file: number, start: number, size: number, length: number): Buffer {
  check(start >= 0 && size >= 0 && start + size <= length, 'a part lies outside the file');
  const bytes = Buffer.alloc(size);
  check(readSync(file, bytes, 0, size, start) === size, 'the file is shorter than it was');
  return bytes;
}

function check(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new Error(otherwise);
}
