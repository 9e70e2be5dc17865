import { readSync } from 'node:fs';

const PIECE = 1 << 20;

/** The bytes of a buffer or of an open file, in order. */
export class ByteSource {
  private readonly file: number | undefined;
  private ready: Buffer;

  /** @param from the bytes, or the descriptor of a file opened for reading, which whoever opened it closes */
  constructor(from: Buffer | number) {
    this.file = typeof from === 'number' ? from : undefined;
    this.ready = typeof from === 'number' ? Buffer.alloc(0) : from;
  }

  /** The next `count` bytes, fewer only at the end. */
  take(count: number): Buffer {
    if (this.ready.length < count && this.file !== undefined) {
      const more = Buffer.alloc(Math.max(PIECE, count - this.ready.length));
      let length = 0;
      // One call may read less than is there.
      for (let read = -1; read !== 0 && length < more.length; length += read)
        read = readSync(this.file, more, length, more.length - length, null);
      this.ready = Buffer.concat([this.ready, more.subarray(0, length)]);
    }
    const taken = this.ready.subarray(0, count);
    this.ready = this.ready.subarray(count);
    return taken;
  }

  /** All bytes that are left, in pieces of at most 1 MiB. */
  *pieces(): Generator<Buffer> {
    for (let piece = this.take(PIECE); piece.length > 0; piece = this.take(PIECE)) yield piece;
  }
}
