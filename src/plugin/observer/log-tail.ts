import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const PIECE = 1 << 20;

/** Reads the lines that are appended to a file, which may begin anew when it is moved away, and need not be there yet. */
export class LogTail {
  private readonly path: string;
  private file = -1;
  private identity = -1;
  private at = 0;
  private rest = Buffer.alloc(0);

  /** What is there already is not read: it was before the events. */
  constructor(path: string) {
    this.path = path;
    if (this.open()) this.at = fstatSync(this.file).size;
  }

  /** The whole lines that were added since, at most a megabyte of them. */
  read(): string[] {
    if (this.file < 0 && !this.open()) return [];
    const piece = Buffer.alloc(PIECE);
    const length = readSync(this.file, piece, 0, PIECE, this.at);
    this.at += length;
    if (length === 0 && this.isReplaced()) this.close();
    const text = Buffer.concat([this.rest, piece.subarray(0, length)]);
    const end = text.lastIndexOf(10) + 1;
    this.rest = text.subarray(end);
    const lines = text.toString('utf8', 0, end).split('\n');
    return lines.filter((line) => line !== '');
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private open(): boolean {
    try {
      this.file = openSync(this.path, 'r');
    } catch {
      return false;
    }
    this.identity = fstatSync(this.file).ino;
    this.at = 0;
    this.rest = Buffer.alloc(0);
    return true;
  }

  private isReplaced(): boolean {
    const now = statSync(this.path, { throwIfNoEntry: false });
    return now !== undefined && (now.ino !== this.identity || now.size < this.at);
  }
}
