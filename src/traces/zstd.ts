/**
 * Files compressed with zstd (RFC 8878). `fzstd` decodes the blocks; the frames are walked here, because it takes what is
 * left of a truncated file for the whole and passes over checksums. On some damaged blocks it does not end: it is given
 * a time for each.
 */
import { Decompress } from 'fzstd';
import { withinTime } from '../support/within-time.ts';
import { XxHash64 } from '../support/xxhash64.ts';
import type { ByteSource } from './byte-source.ts';

const FRAME = 0xfd2fb528;
/** Frames that mean nothing to a decoder have this number but for the last four bits. */
const SKIPPABLE = 0x184d2a50;

/** For a block of at most 128 KiB, which takes about a millisecond. */
const BLOCK_MILLISECONDS = 2000;

/** Whether a file begins as zstd does. */
export function isZstd(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === FRAME || isSkippable(head.readUInt32LE(0)));
}

/**
 * Decompresses a file piece by piece. Memory: the frame's window, at most 32 MiB.
 *
 * @throws Error if the file is damaged, truncated, or needs a dictionary or a larger window
 */
export function* zstdPieces(source: ByteSource): Generator<Buffer> {
  for (let magic = source.take(4); magic.length > 0; magic = source.take(4)) {
    const number = magic.length < 4 ? 0 : magic.readUInt32LE(0);
    if (number === FRAME) yield* frame(source, magic);
    else if (isSkippable(number)) exactly(source, exactly(source, 4).readUInt32LE(0));
    else throw new Error('no frame begins where one should');
  }
}

function isSkippable(number: number): boolean {
  return (number & 0xfffffff0) === SKIPPABLE;
}

function* frame(source: ByteSource, magic: Buffer): Generator<Buffer> {
  const descriptor = exactly(source, 1);
  const single = (descriptor[0] & 32) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor[0] & 3];
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor[0] >> 6];
  const header = exactly(source, (single ? 0 : 1) + dictionaryBytes + sizeBytes);
  const checked = (descriptor[0] & 4) !== 0;
  let decoded: Buffer[] = [];
  const decoder = new Decompress((block) =>
    decoded.push(Buffer.from(block.buffer, block.byteOffset, block.length)),
  );
  const hash = new XxHash64();
  let size = 0;
  let before = Buffer.concat([magic, descriptor, header]);
  for (let last = false; !last; before = Buffer.alloc(0)) {
    const blockHeader = exactly(source, 3);
    const fields = blockHeader.readUIntLE(0, 3);
    last = (fields & 1) !== 0;
    // A block of one byte repeated carries that byte alone.
    const block = exactly(source, (fields & 6) === 2 ? 1 : fields >> 3);
    const checksum = exactly(source, last && checked ? 4 : 0);
    const bytes = Buffer.concat([before, blockHeader, block, checksum]);
    withinTime(BLOCK_MILLISECONDS, () => decoder.push(bytes, last));
    for (const piece of decoded) {
      if (checked) hash.update(piece);
      size += piece.length;
    }
    if (last && checked && BigInt(checksum.readUInt32LE(0)) !== (hash.digest() & 0xffffffffn))
      throw new Error('the checksum is wrong');
    if (last && sizeBytes > 0 && size !== contentSize(header.subarray(header.length - sizeBytes)))
      throw new Error('the length is wrong');
    yield* decoded;
    decoded = [];
  }
}

function contentSize(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

function exactly(source: ByteSource, count: number): Buffer {
  const bytes = source.take(count);
  if (bytes.length < count) throw new Error('the file ends too early');
  return bytes;
}
