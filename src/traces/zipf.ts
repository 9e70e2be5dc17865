import type { RequestSequence } from '../paging/request-sequence.ts';
import { SeededRandom } from '../support/random.ts';

/**
 * Independent requests whose page of rank r has probability proportional to r^−exponent: the standard synthetic workload
 * of caching. Pages are numbered in the order of their first request, as a reader of a trace would number them. Alias
 * method (Vose 1991): O(pages + requests).
 *
 * @param requests length of the sequence
 * @param pages number of ranks; pages never drawn get no number
 * @param exponent skew, > 0; 1 is the classical Zipf distribution
 */
export function zipfSequence(
  requests: number,
  pages: number,
  exponent: number,
  seed: number,
): RequestSequence {
  const random = new SeededRandom(seed);
  const { keep, alias } = aliasTable(
    Float64Array.from({ length: pages }, (_, rank) => (rank + 1) ** -exponent),
  );
  const number = new Int32Array(pages).fill(-1);
  const sequence = new Uint32Array(requests);
  let pageCount = 0;
  for (let i = 0; i < requests; i++) {
    const column = random.below(pages);
    const rank = random.uniform() < keep[column] ? column : alias[column];
    if (number[rank] < 0) number[rank] = pageCount++;
    sequence[i] = number[rank];
  }
  return { pages: sequence, pageCount };
}

/** Turns weights into columns of equal width: column i yields i with probability keep[i], else alias[i]. */
function aliasTable(weights: Float64Array): { keep: Float64Array; alias: Uint32Array } {
  const scale = weights.length / weights.reduce((sum, weight) => sum + weight, 0);
  const keep = weights.map((weight) => weight * scale);
  const alias = Uint32Array.from(weights, (_, i) => i);
  const [small, large]: [number[], number[]] = [[], []];
  keep.forEach((height, i) => {
    (height < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const low = small.pop() as number;
    const high = large[large.length - 1];
    alias[low] = high;
    keep[high] -= 1 - keep[low];
    if (keep[high] < 1) small.push(large.pop() as number);
  }
  // What is left is 1 but for rounding.
  for (const i of [...small, ...large]) keep[i] = 1;
  return { keep, alias };
}
