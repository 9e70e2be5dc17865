/** The columns of the tables, computed in two processes. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Cell, Row } from './table.ts';

/** One column: rows of one kind of predictions on one dataset. */
export interface Column {
  readonly dataset: string;
  readonly capacity: number;
  readonly kind: string;
  readonly rows: readonly Row[];
  readonly seeds: readonly number[];
}

const PROCESSES = 2;

/**
 * Computes columns, each in one of two processes.
 *
 * @param path of the archive
 * @returns the cells of each column, in the order of its rows
 * @throws Error when a process ends before its work is done
 */
export async function computeColumns(columns: readonly Column[], path: string): Promise<Cell[][]> {
  const results: Cell[][] = [];
  let next = 0;
  const work = async () => {
    const child = fork(fileURLToPath(new URL('compute-column.ts', import.meta.url)), [path]);
    try {
      for (let index = next++; index < columns.length; index = next++) {
        results[index] = await computeColumn(child, columns[index]);
      }
    } finally {
      child.kill();
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return results;
}

async function computeColumn(child: ChildProcess, column: Column): Promise<Cell[]> {
  child.send(column);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the process that computed ${column.kind} on ${column.dataset} ended early`);
  });
  const [cells] = await Promise.race([once(child, 'message'), ended]);
  // It ends when it is no longer needed; that is not early.
  ended.catch(() => {});
  return cells;
}
