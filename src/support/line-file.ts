import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from './failure.ts';

/** A file that grows by whole lines, and can be read at any time; what stood there before is gone. */
export class LineFile {
  private readonly file: number;

  /** @throws Failure naming the file and the system's reason */
  constructor(path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.file = openSync(path, 'w');
    } catch (error) {
      throw new Failure(
        `${path}: cannot be written (${(error as Error).message}); choose another place with --out`,
      );
    }
  }

  write(line: string): void {
    writeSync(this.file, `${line}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}
