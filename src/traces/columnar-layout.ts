/** The head of a columnar file; docs/formats.md describes it byte by byte. */
import { crc32 } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { emptyTrace } from './lines.ts';

/** The columns in the order in which they stand in a file, with the bytes of one number. */
export const COLUMNS = [
  { name: 'time', bytes: 8 },
  { name: 'firstBlock', bytes: 4 },
  { name: 'inputTokens', bytes: 4 },
  { name: 'outputTokens', bytes: 4 },
  { name: 'parent', bytes: 4 },
  { name: 'pages', bytes: 4 },
  { name: 'sizes', bytes: 4 },
  { name: 'costs', bytes: 8 },
] as const;

export type ColumnName = (typeof COLUMNS)[number]['name'];

/** What stands before the columns. */
export interface ColumnarHead {
  readonly requests: number;
  readonly accesses: number;
  readonly pageCount: number;
  /** CRC-32 of each column that is stored. */
  readonly checksums: ReadonlyMap<ColumnName, number>;
}

/** Not text, and broken by whatever changes line ends or the eighth bit. */
const MAGIC = Buffer.from('\x89ONEBIT\n', 'latin1');
const VERSION = 2;
const FIXED_BYTES = 40;
export const HEAD_BYTES = FIXED_BYTES + 8 * COLUMNS.length;

/** Whether a file begins as a columnar file of any version does. */
export function isColumnar(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

export function encodeHead({ requests, accesses, pageCount, checksums }: ColumnarHead): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeBigUInt64LE(BigInt(requests), 16);
  bytes.writeBigUInt64LE(BigInt(accesses), 24);
  bytes.writeBigUInt64LE(BigInt(pageCount), 32);
  COLUMNS.forEach(({ name }, i) => {
    const checksum = checksums.get(name);
    bytes.writeUInt32LE(checksum === undefined ? 0 : 1, FIXED_BYTES + 8 * i);
    bytes.writeUInt32LE(checksum ?? 0, FIXED_BYTES + 8 * i + 4);
  });
  // Over the whole head, with zeros where it stands itself.
  bytes.writeUInt32LE(crc32(bytes), 12);
  return bytes;
}

/**
 * @param bytes the first `HEAD_BYTES` of the file
 * @param length of the whole file
 * @throws Failure if the head is damaged, of another version, or does not fit the file's length
 */
export function decodeHead(bytes: Buffer, length: number, path: string): ColumnarHead {
  if (bytes.length < HEAD_BYTES) throw damagedAt(path, bytes.length, 'the file ends within its head');
  if (bytes.readUInt32LE(8) !== VERSION) {
    throw new Failure(
      `${path}: byte 8: version ${bytes.readUInt32LE(8)} of the columnar format, this program knows version ${VERSION}; convert the trace again`,
    );
  }
  const checked = Buffer.from(bytes);
  checked.writeUInt32LE(0, 12);
  if (crc32(checked) !== bytes.readUInt32LE(12))
    throw damagedAt(path, 0, 'the checksum of the head is wrong');
  const [requests, accesses, pageCount] = [16, 24, 32].map((at) => Number(bytes.readBigUInt64LE(at)));
  const checksums = new Map<ColumnName, number>();
  COLUMNS.forEach(({ name }, i) => {
    const at = FIXED_BYTES + 8 * i;
    if (bytes.readUInt32LE(at) === 1) checksums.set(name, bytes.readUInt32LE(at + 4));
  });
  // Without its bounds, each request is one access, and its parent can be found.
  const whole = checksums.has('firstBlock') ? checksums.has('parent') : accesses === requests;
  if (!checksums.has('pages') || !whole) throw damagedAt(path, FIXED_BYTES, 'columns are missing');
  if (requests === 0) throw emptyTrace(path);
  const head = { requests, accesses, pageCount, checksums };
  const expected = columnStart(head, undefined);
  if (expected !== length)
    throw damagedAt(path, Math.min(length, expected), `the file has ${length} of ${expected} bytes`);
  return head;
}

/** How many numbers a column has. */
export function columnLength({ requests, accesses, pageCount }: ColumnarHead, column: ColumnName): number {
  if (column === 'pages') return accesses;
  if (column === 'sizes' || column === 'costs') return pageCount;
  return column === 'firstBlock' ? requests + 1 : requests;
}

/** The byte at which a stored column begins, or at which the file ends. */
export function columnStart(head: ColumnarHead, column: ColumnName | undefined): number {
  let at = HEAD_BYTES;
  for (const { name, bytes } of COLUMNS) {
    if (name === column) break;
    if (head.checksums.has(name)) at += bytes * columnLength(head, name);
  }
  return at;
}

/** The failure on a file that is not what was written. */
export function damagedAt(path: string, byte: number, what: string): Failure {
  return new Failure(`${path}: byte ${byte}: damaged or truncated, ${what}; fetch or convert the file again`);
}
