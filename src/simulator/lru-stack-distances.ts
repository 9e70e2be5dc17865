import type { RequestSequence } from '../paging/request-sequence.ts';
import { Timeline } from './timeline.ts';

/**
 * LRU's stack distances: the distance of a request is the least capacity at which LRU has the page, one more than the
 * number of distinct pages requested since the page was requested last (Mattson, Gecsei, Slutz and Traiger, *Evaluation
 * techniques for storage hierarchies*, IBM Systems Journal 1970).
 *
 * For each distance 1 … pageCount the number of requests that have it; index 0 counts nothing. First requests have no
 * distance. O(log(pageCount / 32)) a request, about 13 bytes a page.
 *
 * @example
 * lruStackDistances({ pages: Uint32Array.of(0, 1, 1, 0), pageCount: 2 }); // Uint32Array [0, 1, 1]
 */
export function lruStackDistances({ pages, pageCount }: RequestSequence): Uint32Array {
  return streamedStackDistances([pages], pageCount);
}

/**
 * The same for requests that need not be in memory together.
 *
 * @param chunks the requests in order, in chunks that may use the same memory
 */
export function streamedStackDistances(chunks: Iterable<Uint32Array>, pageCount: number): Uint32Array {
  const distances = new Uint32Array(pageCount + 1);
  const timeline = new Timeline(pageCount);
  for (const pages of chunks) count(timeline, pages, distances);
  return distances;
}

function count(timeline: Timeline, pages: Uint32Array, distances: Uint32Array): void {
  for (let i = 0; i < pages.length; i++) {
    const distance = timeline.request(pages[i]);
    if (distance > 0) distances[distance]++;
  }
}
