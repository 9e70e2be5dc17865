/**
 * The store of finished cells: a folder of files, one for each process that has written to it, each of lines
 * that carry a checksum of themselves (docs/result-store.md). No process writes to a file of another's, so that any number
 * may write at once, also over a network file system, without a lock.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CellResult } from '../simulator/cell.ts';
import { Failure } from '../support/failure.ts';
import { writeAll } from '../support/write-file.ts';
import { type CellIdentity, cellKey } from './cell-key.ts';
import type { Origin } from './origin.ts';
import { formatStored, parseStored } from './stored-line.ts';

/** A finished cell: what it depends on, what it came to, and what it is called. */
export interface StoredCell extends CellIdentity, CellResult {
  readonly key: string;
  /** Name of the trace where the cell was first run; the checksum is what counts. */
  readonly traceName: string;
  /** Requests scored. */
  readonly requests: number;
}

/** A finished cell and where it was run. */
export interface FoundCell {
  readonly cell: StoredCell;
  readonly origin: Origin;
}

const SUFFIX = '.cells.jsonl';

/**
 * Holds all cells of a folder in memory, about 1 KB each. Opening reads the folder: 100,000 cells take about a second.
 *
 * @example
 * const store = new ResultStore('.onebit/results', origin());
 * store.add(identity, result, { traceName: 'conversation', requests: 115400 });
 * store.find(cellKey(identity))?.faults;
 */
export class ResultStore {
  /** Lines that were no whole line of a store, and whose cells count as never run. */
  readonly damaged: number;
  private readonly folder: string;
  private readonly origin: Origin;
  private readonly known = new Map<string, FoundCell>();
  private file = -1;

  /**
   * Reads what is there. Nothing is written before the first cell is added.
   *
   * @param folder need not exist
   * @param origin of the cells that will be added
   * @throws Failure if the folder cannot be read
   */
  constructor(folder: string, origin: Origin) {
    this.folder = folder;
    this.origin = origin;
    let damaged = 0;
    for (const file of segments(folder)) damaged += this.read(join(folder, file));
    this.damaged = damaged;
  }

  /** The cell of a key, the newest if it was run more than once. */
  find(key: string): StoredCell | undefined {
    return this.known.get(key)?.cell;
  }

  /** All cells in the order in which they were stored. */
  all(): FoundCell[] {
    return [...this.known.values()];
  }

  /**
   * Keeps a cell, on disk when it returns.
   *
   * @throws Failure if the folder cannot be written to
   */
  add(identity: CellIdentity, result: CellResult, about: Pick<StoredCell, 'traceName' | 'requests'>): void {
    const cell = { key: cellKey(identity), ...identity, ...about, ...result };
    try {
      if (this.file < 0) {
        mkdirSync(this.folder, { recursive: true });
        const name = `${this.origin.started.replaceAll(/\D/g, '').slice(0, 14)}-${randomBytes(4).toString('hex')}`;
        this.file = openSync(join(this.folder, `${name}${SUFFIX}`), 'wx');
        this.append({ origin: this.origin });
      }
      this.append({ cell });
    } catch (error) {
      throw new Failure(
        `${this.folder}: cannot be written (${(error as Error).message}); choose another folder with --store, or leave it out with --no-store`,
      );
    }
    this.known.set(cell.key, { cell, origin: this.origin });
  }

  close(): void {
    if (this.file >= 0) closeSync(this.file);
    this.file = -1;
  }

  private append(value: object): void {
    writeAll(this.file, Buffer.from(`${formatStored(value)}\n`));
  }

  /** @returns how many lines are damaged; the last one of a process that was killed may be */
  private read(path: string): number {
    let damaged = 0;
    let origin = UNKNOWN;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      const value = parseStored(line) as { origin?: Origin; cell?: StoredCell } | undefined;
      if (value?.origin !== undefined) origin = value.origin;
      else if (value?.cell !== undefined) this.known.set(value.cell.key, { cell: value.cell, origin });
      else damaged++;
    }
    return damaged;
  }
}

/** Of cells whose first line is damaged. */
const UNKNOWN: Origin = {
  started: '',
  command: '',
  version: '',
  commit: null,
  node: '',
  libraries: {},
  machine: '',
};

/** The files of a store, the oldest first. */
function segments(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Failure(
      `${folder}: cannot be read (${(error as Error).message}); choose another folder with --store`,
    );
  }
}
