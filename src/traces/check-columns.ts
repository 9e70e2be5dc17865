/** What later stages rely on without asking again, asked of columns that another program may have written. */
import type { ServingTrace } from './serving-trace.ts';

/**
 * The first column of a trace that holds what it must not, and at which index; `undefined` if all are sound. O(accesses), and
 * far faster than reading.
 */
export function unsoundColumn(
  trace: ServingTrace,
): { column: 'pages' | 'firstBlock' | 'time' | 'parent'; at: number } | undefined {
  const { blocks, firstBlock, time, parent } = trace;
  const page = firstPageBeyond(blocks.pages, blocks.pageCount);
  if (page >= 0) return { column: 'pages', at: page };
  for (let r = 0; r < time.length; r++) {
    if (!(firstBlock[r] < firstBlock[r + 1])) return { column: 'firstBlock', at: r + 1 };
    // Written so that a time that is no number is found too.
    if (!(time[r] >= (r === 0 ? 0 : time[r - 1]))) return { column: 'time', at: r };
    if (parent[r] < -1 || parent[r] >= r) return { column: 'parent', at: r };
  }
  const requests = time.length;
  if (firstBlock[0] !== 0) return { column: 'firstBlock', at: 0 };
  return firstBlock[requests] === blocks.pages.length ? undefined : { column: 'firstBlock', at: requests };
}

/** Where the first number is that is no page, −1 if all are. */
export function firstPageBeyond(pages: Uint32Array, pageCount: number): number {
  let largest = 0;
  // Without a way out, so that the loop is fast.
  for (let i = 0; i < pages.length; i++) largest = Math.max(largest, pages[i]);
  return largest < pageCount ? -1 : pages.findIndex((page) => page >= pageCount);
}
