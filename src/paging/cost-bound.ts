import { nextRequests } from './belady.ts';
import type { RequestSequence } from './request-sequence.ts';
import type { Weights } from './weights.ts';

/**
 * A lower bound on what any policy pays, online or offline, where pages differ in size and cost. The optimum itself is
 * NP-hard to find (Chrobak, Woeginger, Makino and Xu, *Caching is hard, even in the fault model*, Algorithmica 2012), so this
 * is a bound and never the optimum.
 *
 * A request hits only if its page stays since the request before: a box as high as the page is large, and as long as the
 * steps between. Boxes that stay fill at most bytes × (T − 1), and taking those that save most for their area, the last one
 * in part, saves at least as much as any policy does (PFOO-L of Berger, Beckmann and Harchol-Balter, *Practical bounds on
 * optimal caching with variable object sizes*, SIGMETRICS 2018). O(T log T).
 *
 * @param bytes capacity of the cache
 * @returns the least that the faults can cost; with sizes and costs of 1 at most the faults of Belady's rule
 */
export function leastFaultCost(sequence: RequestSequence, weights: Weights, bytes: number): number {
  const { pages } = sequence;
  const { sizes, costs } = weights;
  const next = nextRequests(sequence);
  let cost = 0;
  let boxes = 0;
  const areas = new Float64Array(pages.length);
  const savings = new Float64Array(pages.length);
  for (let step = 0; step < pages.length; step++) {
    const page = pages[step];
    cost += costs[page];
    if (next[step] === pages.length || sizes[page] > bytes) continue;
    areas[boxes] = sizes[page] * (next[step] - step);
    savings[boxes++] = costs[page];
  }
  const order = Uint32Array.from({ length: boxes }, (_, box) => box);
  order.sort((a, b) => areas[a] * savings[b] - areas[b] * savings[a]);
  let room = bytes * (pages.length - 1);
  for (const box of order) {
    if (areas[box] > room) return cost - (savings[box] * room) / areas[box];
    room -= areas[box];
    cost -= savings[box];
  }
  return cost;
}
