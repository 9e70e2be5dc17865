/** What later stages rely on without asking again, asked of columns that another program may have written. */
import type { ServingTrace } from './serving-trace.ts';

type CheckedColumn = 'pages' | 'firstBlock' | 'time' | 'parent';

/**
 * The first column of a trace that holds what it must not, and at which index; `undefined` if all are sound. O(accesses), and
 * far faster than reading.
 *
 * @param stored which columns to ask; those that a reader makes from nothing need not be
 */
export function unsoundColumn(
  { blocks, firstBlock, time, parent }: Pick<ServingTrace, 'blocks' | 'firstBlock' | 'time' | 'parent'>,
  stored: (column: CheckedColumn) => boolean = () => true,
): { column: CheckedColumn; at: number } | undefined {
  const faults: [CheckedColumn, () => number][] = [
    ['pages', () => firstPageBeyond(blocks.pages, blocks.pageCount)],
    ['firstBlock', () => firstBreak(firstBlock, blocks.pages.length)],
    ['time', () => firstBackwards(time)],
    ['parent', () => firstParentAfter(parent)],
  ];
  for (const [column, fault] of faults) {
    const at = stored(column) ? fault() : -1;
    if (at >= 0) return { column, at };
  }
  return undefined;
}

/** Where the bounds of requests first fail to begin at 0, to rise, or to end with the last page; −1 if they never do. */
function firstBreak(firstBlock: Uint32Array, pages: number): number {
  if (firstBlock[0] !== 0) return 0;
  const last = firstBlock.length - 1;
  for (let r = 1; r <= last; r++) if (firstBlock[r] <= firstBlock[r - 1]) return r;
  return firstBlock[last] === pages ? -1 : last;
}

/** Where a time is first negative, earlier than the one before it, or no number; −1 if none is. */
function firstBackwards(time: Float64Array): number {
  for (let r = 0; r < time.length; r++) if (!(time[r] >= (r === 0 ? 0 : time[r - 1]))) return r;
  return -1;
}

/** Which request first names a parent that is not before it; −1 if none does. */
function firstParentAfter(parent: Int32Array): number {
  for (let r = 0; r < parent.length; r++) if (parent[r] < -1 || parent[r] >= r) return r;
  return -1;
}

/** Where the first number is that is no page, −1 if all are. */
export function firstPageBeyond(pages: Uint32Array, pageCount: number): number {
  let largest = 0;
  // Without a way out, so that the loop is fast.
  for (let i = 0; i < pages.length; i++) largest = Math.max(largest, pages[i]);
  return largest < pageCount ? -1 : pages.findIndex((page) => page >= pageCount);
}
