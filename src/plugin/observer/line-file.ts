import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { Failure } from '../../support/failure.ts';

/** Bytes that may wait for the disk. */
const MOST_BYTES = 32 << 20;

/** A new file of JSON Lines that grows while something goes on. What a slow disk cannot take is lost, and counted. */
export class LineFile {
  written = 0;
  lost = 0;
  private readonly stream: WriteStream;

  private constructor(stream: WriteStream) {
    this.stream = stream;
    stream.on('error', () => stream.destroy());
  }

  /** @throws Failure if there is such a file already, or it cannot be made */
  static async create(path: string): Promise<LineFile> {
    const stream = createWriteStream(path, { flags: 'wx' });
    await new Promise<void>((resolve, reject) => {
      stream.once('open', () => resolve());
      stream.once('error', (error: NodeJS.ErrnoException) => {
        const reason =
          error.code === 'EEXIST' ? 'there is such a file already' : `cannot be written (${error.message})`;
        reject(new Failure(`${path}: ${reason}; choose another name`));
      });
    });
    return new LineFile(stream);
  }

  /** Several, all or none. @throws Failure as `create` */
  static async createAll(paths: readonly string[]): Promise<LineFile[]> {
    const files: LineFile[] = [];
    try {
      for (const path of paths) files.push(await LineFile.create(path));
    } catch (failure) {
      for (const [i, file] of files.entries()) {
        await file.close();
        rmSync(paths[i]);
      }
      throw failure;
    }
    return files;
  }

  write(value: object): void {
    if (!this.stream.writable || this.stream.writableLength > MOST_BYTES) {
      this.lost++;
      return;
    }
    this.stream.write(`${JSON.stringify(value)}\n`);
    this.written++;
  }

  async close(): Promise<void> {
    if (!this.stream.destroyed) await new Promise<void>((resolve) => this.stream.end(resolve));
  }
}
