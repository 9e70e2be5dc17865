import { basename } from 'node:path';
import { emptyTrace } from './lines.ts';
import { pageTrace } from './page-trace.ts';
import type { ServingTrace } from './serving-trace.ts';

/** Room for accesses at first; doubled whenever it is full. */
const FIRST_ROOM = 1 << 12;

/**
 * Accesses of single pages, collected in columns while a file is read. A reader that streams takes them out again and
 * again; one that reads a whole file makes a trace of them at the end.
 */
export class PageColumns {
  /** Accesses that are here now. */
  length = 0;
  /** Accesses that were ever added. */
  total = 0;
  /** The first `length` of each count. */
  pages = new Uint32Array(FIRST_ROOM);
  /** Seconds from the first access, never decreasing. */
  time = new Float64Array(FIRST_ROOM);

  add(page: number, time: number): void {
    if (this.length === this.pages.length) this.grow();
    this.pages[this.length] = page;
    this.time[this.length++] = time;
    this.total++;
  }

  /** Takes all accesses out. */
  clear(): void {
    this.length = 0;
  }

  /**
   * All accesses as a trace. The columns are cut to size, so nothing may be added afterwards.
   *
   * @param pageCount how many different pages there are
   * @throws Failure naming the file, if there is no access
   */
  trace(path: string, pageCount: number): ServingTrace {
    if (this.length === 0) throw emptyTrace(path);
    const pages = this.pages.slice(0, this.length);
    return pageTrace(basename(path), { pages, pageCount }, this.time.slice(0, this.length));
  }

  private grow(): void {
    const { pages, time } = this;
    this.pages = new Uint32Array(2 * pages.length);
    this.time = new Float64Array(2 * time.length);
    this.pages.set(pages);
    this.time.set(time);
  }
}
