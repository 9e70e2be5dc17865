/** Of √k: see `marginFor`. */
const MARGIN_PER_ROOT = 5;

/**
 * By how many faults the side that a switch follows may lag, in a cache of k pages. Two good policies lead in turn, by as many faults as what their caches still
 * hold of the past decides: of k pages, each kept or lost about by chance, some √k. A margin below that changes sides for
 * nothing; one far above costs a small cache, which has few hits to lose, more than it protects.
 *
 * @param margin m, the most
 * @param capacity k
 */
export function marginFor(margin: number, capacity: number): number {
  return Math.floor(Math.min(margin, MARGIN_PER_ROOT * Math.sqrt(capacity)));
}
