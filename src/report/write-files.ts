import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../support/failure.ts';

/**
 * Writes files into a directory, which is created where it is missing. Each file appears whole or not at all: it is
 * written under a temporary name beside its place and then renamed.
 *
 * @param directory path; what it holds under other names stays
 * @param files text by path inside the directory, written in this order
 * @throws Failure where the directory or a file cannot be written
 */
export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary, text);
      renameSync(temporary, path);
    } catch (error) {
      if (existsSync(temporary)) rmSync(temporary);
      throw new Failure(`${path}: cannot be written (${(error as Error).message}); choose another directory`);
    }
  }
}
