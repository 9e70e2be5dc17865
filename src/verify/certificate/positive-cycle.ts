/**
 * Bellman–Ford for longest walks: either no cycle has positive weight, and then the walks from the start are bounded and the
 * longest weights prove it, or it finds cycles of positive weight. Weights are integers, and so are all sums: exact as
 * long as they stay below 2⁵³.
 */
import { assert } from '../../support/failure.ts';
import type { GameGraph, Step } from './game-graph.ts';

export type Verdict =
  /** No cycle has positive weight; `longest` is the largest weight of any walk from the start. */
  | { readonly cycles: null; readonly longest: number }
  /** Disjoint cycles of positive weight, at least one. */
  | { readonly cycles: readonly (readonly Step[])[] };

/**
 * Looks for cycles of positive weight. One pass relaxes every edge in place; after each, a cycle among the edges that
 * attain the current values is one of positive weight. O(edges) a pass; the number of passes is at most that of positions,
 * and about ten in practice.
 *
 * @param weights one integer for each of the graph's `costs`
 */
export function findPositiveCycles(graph: GameGraph, weights: Float64Array): Verdict {
  const { firstEdge, target, label, positions } = graph;
  const longest = new Float64Array(positions.length).fill(Number.NEGATIVE_INFINITY);
  longest[0] = 0;
  const arrivalFrom = new Int32Array(positions.length).fill(-1);
  const arrivalEdge = new Int32Array(positions.length);
  for (let pass = 0; pass <= positions.length; pass++) {
    let changed = false;
    for (let from = 0; from < positions.length; from++) {
      for (let edge = firstEdge[from]; edge < firstEdge[from + 1]; edge++) {
        const weight = longest[from] + weights[label[edge]];
        const to = target[edge];
        if (weight <= longest[to]) continue;
        longest[to] = weight;
        arrivalFrom[to] = from;
        arrivalEdge[to] = edge;
        changed = true;
      }
    }
    // Positions are numbered in the order of a search, so one pass reaches all of them.
    const largest = longest.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    assert(largest < Number.MAX_SAFE_INTEGER, 'the weights are too large to be exact');
    if (!changed) return { cycles: null, longest: longest.reduce((a, b) => Math.max(a, b)) };
    const cycles = cyclesOf(arrivalFrom, arrivalEdge);
    if (cycles.length === 0) continue;
    for (const cycle of cycles) {
      const weight = cycle.reduce((sum, { edge }) => sum + weights[label[edge]], 0);
      assert(weight > 0 && Number.isSafeInteger(weight), 'a cycle of arrivals has a positive, exact weight');
    }
    return { cycles };
  }
  throw new Error('Bellman–Ford neither settled nor found a cycle');
}

/** The cycles of a graph in which every position has at most one arrival. O(positions). */
function cyclesOf(arrivalFrom: Int32Array, arrivalEdge: Int32Array): Step[][] {
  const cycles: Step[][] = [];
  const visit = new Int32Array(arrivalFrom.length).fill(-1);
  for (let root = 0; root < visit.length; root++) {
    let at = root;
    while (at >= 0 && visit[at] < 0) {
      visit[at] = root;
      at = arrivalFrom[at];
    }
    if (at < 0 || visit[at] !== root) continue;
    const cycle: Step[] = [];
    let to = at;
    do {
      cycle.push({ from: arrivalFrom[to], edge: arrivalEdge[to] });
      to = arrivalFrom[to];
    } while (to !== at);
    cycles.push(cycle.reverse());
  }
  return cycles;
}
