import { nextRequests } from '../../src/paging/belady.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';

/**
 * OPT's stack as Mattson, Gecsei, Slutz and Traiger (1970) keep it: the page at depth k is in the cache of size k and in
 * no smaller one. The requested page goes on top; what it displaces is carried down, and at each depth the one of the
 * two that is requested sooner stays, until the place that the requested page has left. O(pages) a request.
 *
 * @returns as `optStackDistances`
 */
export function naiveOptStackDistances(sequence: RequestSequence): Uint32Array {
  const distances = new Uint32Array(sequence.pageCount + 1);
  const next = nextRequests(sequence);
  const upcoming = new Uint32Array(sequence.pageCount);
  const stack: number[] = [];
  sequence.pages.forEach((page, i) => {
    upcoming[page] = next[i];
    const depth = stack.indexOf(page);
    if (depth >= 0) distances[depth + 1]++;
    const end = depth >= 0 ? depth : stack.length;
    let carried = page;
    for (let place = 0; place < end; place++) {
      // The top is always the page requested last; below, a page that is never requested again gives way.
      if (place > 0 && upcoming[stack[place]] <= upcoming[carried]) continue;
      [stack[place], carried] = [carried, stack[place]];
    }
    stack[end] = carried;
  });
  return distances;
}
