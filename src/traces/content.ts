/** The content of a file, decompressed: at once, or in pieces where it may be larger than the memory. */
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip, gunzipSync } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { ByteSource } from './byte-source.ts';
import { isZstd, zstdPieces } from './zstd.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'there is no such file; check the path',
  EISDIR: 'this is a folder; name a file in it',
  EACCES: 'reading is not permitted; change the permissions of the file',
  ERR_FS_FILE_TOO_LARGE: 'too large to be read at once; make it a columnar file first (onebit trace convert)',
  ERR_BUFFER_TOO_LARGE: 'too large to be read at once; make it a columnar file first (onebit trace convert)',
};

/** The bytes by which a file's kind is known. */
const HEAD_BYTES = 8;

/**
 * The first eight bytes of a file, none of what is no regular file, and its length.
 *
 * @throws Failure naming the file, if it cannot be opened or read
 */
export function headOf(path: string): { head: Buffer; length: number } {
  return withFile(path, (file) => {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
    return { head: head.subarray(0, readSync(file, head, 0, head.length, 0)), length: size };
  });
}

/**
 * Opens a file, does something with it and closes it.
 *
 * @param use given the file's descriptor
 * @throws Failure naming the file, if it cannot be opened or read
 */
export function withFile<Result>(path: string, use: (file: number) => Result): Result {
  let file = -1;
  try {
    file = openSync(path, 'r');
    return use(file);
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/**
 * The whole content.
 *
 * @throws Failure naming the file, if it cannot be read, is damaged, or is larger than a buffer can be
 */
export function wholeContent(path: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  const compression = isZstd(bytes) ? 'zstd' : isGzip(bytes) ? 'gzip' : undefined;
  if (compression === undefined) return bytes;
  try {
    if (compression === 'zstd') return Buffer.concat([...zstdPieces(new ByteSource(bytes))]);
    // The type does not tell that with `info` the result has two parts.
    const { buffer, engine } = gunzipSync(bytes, { info: true }) as unknown as Unzipped;
    checkUsed(engine, bytes.length);
    return buffer;
  } catch (error) {
    throw damaged(path, compression, error);
  }
}

interface Unzipped {
  readonly buffer: Buffer;
  readonly engine: Gunzip;
}

/**
 * The content in pieces of at most 1 MiB.
 *
 * @throws Failure as `wholeContent`, except that there is no limit
 */
export async function* contentPieces(path: string): AsyncGenerator<Buffer> {
  const { head, length } = headOf(path);
  if (isGzip(head)) {
    yield* gunzipPieces(path, length);
    return;
  }
  const file = openSync(path, 'r');
  const source = new ByteSource(file);
  try {
    yield* isZstd(head) ? zstdPieces(source) : source.pieces();
  } catch (error) {
    throw isZstd(head) ? damaged(path, 'zstd', error) : unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

async function* gunzipPieces(path: string, length: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // An error of either stream reaches the loop below through the second.
  pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), gunzip, () => {});
  try {
    yield* gunzip;
    checkUsed(gunzip, length);
  } catch (error) {
    throw damaged(path, 'gzip', error);
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** zlib takes a zero byte for the end of the file, whatever follows. */
function checkUsed(gunzip: Gunzip, length: number): void {
  if (gunzip.bytesWritten !== length) throw new Error(`${length - gunzip.bytesWritten} bytes follow its end`);
}

function damaged(path: string, compression: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || (code ?? '') in REASONS) return unreadable(path, error);
  return new Failure(`${path}: damaged or truncated ${compression} (${message}); fetch the file again`);
}

/** An error of the system as a failure; every other as it is. */
function unreadable(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || code === undefined) return error as Error;
  return new Failure(`${path}: ${REASONS[code] ?? `cannot be read (${message}); check the file`}`);
}
