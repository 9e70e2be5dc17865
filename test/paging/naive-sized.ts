/** A cache of bytes written a second time, with plain arrays: what `SizedCache` and its policies are checked against. */
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import type { Weights } from '../../src/paging/weights.ts';
import type { SizedResult } from '../../src/simulator/simulate-sized.ts';

interface Resident {
  readonly page: number;
  /** The place that it was given, the one left last. */
  readonly slot: number;
  readonly loaded: number;
  /** The step of the latest request, and the requests since loading. */
  latest: number;
  frequency: number;
  visited: boolean;
  /** Of gdsf. */
  value: number;
}

/** What leaves next: the place of a page among the resident ones, which stand in the order of their loading. */
type Choice = (residents: Resident[], step: number, weights: Weights) => number;

/** The place of the least by a list of numbers, the earlier ones first. */
function least(residents: Resident[], measures: (resident: Resident) => readonly number[]): number {
  const compare = (a: readonly number[], b: readonly number[]) =>
    a.map((number, i) => number - b[i]).find((difference) => difference !== 0) ?? 0;
  return residents.reduce(
    (best, resident, i) => (compare(measures(resident), measures(residents[best])) < 0 ? i : best),
    0,
  );
}

/** Sieve's hand is an index into the pages in loading order; past the newest it returns to the oldest at once. */
function sieve(): Choice {
  let hand = 0;
  return (residents) => {
    for (;;) {
      const at = hand;
      hand = (hand + 1) % residents.length;
      if (residents[at].visited) residents[at].visited = false;
      else {
        // What is newer moves up by one, so that the hand stays where it is.
        if (hand > 0) hand = at;
        return at;
      }
    }
  };
}

/** Each makes the choice of one run. */
export const NAIVE: Readonly<Record<string, () => Choice>> = {
  fifo: () => () => 0,
  lru: () => (residents) => least(residents, ({ latest }) => [latest]),
  lfu: () => (residents) => least(residents, ({ frequency, latest }) => [frequency, latest]),
  sieve,
  gdsf: () => (residents) => least(residents, ({ value, slot }) => [value, slot]),
  hyperbolic:
    () =>
    (residents, step, { sizes, costs }) =>
      least(residents, ({ page, loaded, frequency }) => [
        (frequency * costs[page]) / (sizes[page] * (step - loaded)),
        loaded,
      ]),
};

export function naiveSized(
  policy: string,
  pages: Iterable<number>,
  weights: Weights,
  bytes: number,
): SizedResult {
  const { sizes, costs } = weights;
  const choose = NAIVE[policy]();
  const residents: Resident[] = [];
  const result = { faults: 0, missedBytes: 0, faultCost: 0, bypasses: 0 };
  const used = () => residents.reduce((sum, { page }) => sum + sizes[page], 0);
  const free = Array.from(sizes, (_, slot) => sizes.length - 1 - slot);
  let age = 0;
  // Hyperbolic counts the requests to pages that it is told of.
  let step = 0;
  for (const page of pages) {
    let resident = residents.find((one) => one.page === page);
    if (resident === undefined) {
      result.faults++;
      result.missedBytes += sizes[page];
      result.faultCost += costs[page];
      if (sizes[page] > bytes) {
        result.bypasses++;
        continue;
      }
      while (used() + sizes[page] > bytes) {
        const [victim] = residents.splice(choose(residents, step, weights), 1);
        age = victim.value;
        free.push(victim.slot);
      }
      const slot = free.pop() ?? -1;
      resident = { page, slot, loaded: step, latest: step, frequency: 0, visited: false, value: 0 };
      residents.push(resident);
    } else resident.visited = true;
    resident.frequency++;
    resident.latest = step++;
    resident.value = age + (resident.frequency * costs[page]) / sizes[page];
  }
  return result;
}

/** The optimum by trying every set of pages to keep; a page need not stay, since what is too large never does. */
export function cheapest(
  { pages, pageCount }: RequestSequence,
  { sizes, costs }: Weights,
  bytes: number,
): number {
  let best = new Map([[0, 0]]);
  const sizeOf = (content: number) =>
    sizes.reduce((sum, size, page) => sum + ((content >>> page) & 1) * size, 0);
  for (const page of pages) {
    const after = new Map<number, number>();
    for (const [content, cost] of best) {
      const paid = cost + (((content >>> page) & 1) === 1 ? 0 : costs[page]);
      const most = content | (1 << page);
      for (let kept = 0; kept < 1 << pageCount; kept++) {
        if ((kept & ~most) !== 0 || sizeOf(kept) > bytes || paid >= (after.get(kept) ?? Infinity)) continue;
        after.set(kept, paid);
      }
    }
    best = after;
  }
  return Math.min(...best.values());
}
