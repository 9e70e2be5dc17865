import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from './failure.ts';

/**
 * Writes a file whole or not at all: to a temporary name beside it, then renamed. Missing folders are made.
 *
 * @throws Failure naming the file and the system's reason
 */
export function writeFile(path: string, contents: string | Uint8Array): void {
  writePieces(path, [typeof contents === 'string' ? Buffer.from(contents) : contents]);
}

/** Writes a file as `writeFile` does, from pieces that need not be in memory together. */
export function writePieces(path: string, pieces: Iterable<Uint8Array>): void {
  const temporary = `${path}.${process.pid}.partial`;
  let file = -1;
  try {
    mkdirSync(dirname(path), { recursive: true });
    file = openSync(temporary, 'w');
    for (const piece of pieces) writeAll(file, piece);
    closeSync(file);
    file = -1;
    renameSync(temporary, path);
  } catch (error) {
    if (file >= 0) closeSync(file);
    if (existsSync(temporary)) rmSync(temporary);
    if (error instanceof Failure) throw error;
    throw new Failure(
      `${path}: cannot be written (${(error as Error).message}); choose another place with --out`,
    );
  }
}

/** Most bytes that one call is given; the system takes no more than 2 GiB. */
const LARGEST_WRITE = 1 << 30;

/** Writes all bytes at the end of an open file; a single call may write fewer. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, Math.min(LARGEST_WRITE, bytes.length - at));
}
