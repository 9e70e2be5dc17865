import type { Judgement, Model } from './model.ts';

/**
 * Of a model that was judged nowhere. The threshold was chosen on the Mooncake conversation trace, with a model of its first 40% of
 * accesses, from the hits on the next 20% at four capacities; one bit a request did worse than LRU with any that is the same for all.
 */
const UNJUDGED = { pays: true, cutPoints: 0.3, oneBit: null };

/** What a model was found worth at the judged capacity nearest to this one, by ratio; taken to pay where it was judged at none. */
export function judgementAt({ header: { judged } }: Model, capacity: number): Judgement {
  const distance = (other: number) => Math.abs(Math.log(other / capacity));
  const [nearest] = [...judged].sort((a, b) => distance(a.capacity) - distance(b.capacity));
  return nearest ?? { capacity, ...UNJUDGED };
}
