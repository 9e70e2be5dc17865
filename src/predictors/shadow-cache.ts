import { NO_PAGE } from '../paging/policy.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { IndexSet } from '../support/index-set.ts';
import { IndexedHeap } from '../support/indexed-heap.ts';

/**
 * Bits that turn 1 late. At its request nobody can say whether a block will be evicted before it comes back: that depends
 * on how long it stays away and on what else asks for room. So the predictor simulates a cache of its own, from which the
 * block with the lowest value leaves, values falling with age; when a block leaves there, its bit turns from keep to
 * discard. Causal: what happens at a step depends on earlier steps alone. O(log capacity) for each request and for each
 * span of age that a resident block outlives.
 *
 * @param sequence block accesses
 * @param time of each access in seconds, never decreasing
 * @param values of keeping the accessed block from each span of its age on (`keepValues`), row-major
 * @param ages bounds of the spans in seconds
 * @param capacity cache size in blocks for which the bits are to be good
 * @returns for each access the block whose bit turns 1 just before it, or `NO_PAGE`
 */
export function lateDiscards(
  { pages, pageCount }: RequestSequence,
  time: Float64Array,
  values: Float32Array,
  ages: readonly number[],
  capacity: number,
): Uint32Array {
  const spans = ages.length - 1;
  const late = new Uint32Array(pages.length).fill(NO_PAGE);
  const latest = new Int32Array(pageCount).fill(-1);
  const lowest = new IndexedHeap(pageCount);
  const nothing = new IndexSet(0);
  /** For each span the first access that has not outlived it yet: accesses outlive a span in their own order. */
  const young = new Uint32Array(spans);
  for (let step = 0; step < pages.length; step++) {
    for (let span = 0; span < spans; span++) {
      const before = time[step] - ages[span + 1];
      for (; time[young[span]] <= before; young[span]++) {
        const page = pages[young[span]];
        if (latest[page] !== young[span] || !lowest.has(page)) continue;
        // Beyond the last span nothing is known: such blocks go before all others, the longest unused first.
        lowest.set(page, span + 1 < spans ? -values[young[span] * spans + span + 1] : 1 / (1 + young[span]));
      }
    }
    const page = pages[step];
    if (!lowest.has(page) && lowest.count === capacity) {
      late[step] = lowest.highest(nothing);
      lowest.delete(late[step]);
    }
    latest[page] = step;
    lowest.set(page, -values[step * spans]);
  }
  return late;
}
