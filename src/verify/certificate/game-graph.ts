/** Every position that the game can reach, up to the names of pages, as a graph in compact arrays. */
import { formatRational } from '../../support/rational.ts';
import { type Costs, canonical, type Game, type Move, type Position, positionKey } from './game.ts';

export interface GameGraph {
  readonly game: Game;
  /** Canonical positions in the order in which they were reached; the first is the start. */
  readonly positions: readonly Position[];
  /** The moves of position v are the edges firstEdge[v] … firstEdge[v + 1] − 1, in the order of `Game.moves`. */
  readonly firstEdge: Uint32Array;
  readonly target: Uint32Array;
  /** What each edge costs, as an index into `costs`. */
  readonly label: Uint16Array;
  readonly costs: readonly Costs[];
}

/**
 * Explores the game breadth first. Time and memory are proportional to the number of moves.
 *
 * @param mostPositions give up beyond
 * @returns null if there are more positions
 */
export function exploreGame(game: Game, mostPositions: number): GameGraph | null {
  const positions = [canonical(game.start())];
  const numbers = new Map([[positionKey(positions[0]), 0]]);
  const labels = new Map<string, number>();
  const costs: Costs[] = [];
  const firstEdge: number[] = [0];
  let target = new Uint32Array(1024);
  let label = new Uint16Array(1024);
  let edges = 0;
  const labelOf = (cost: Costs): number => {
    const key = `${formatRational(cost.faults)},${cost.rivalFaults},${cost.eta0},${cost.eta1}`;
    let number = labels.get(key);
    if (number === undefined) {
      number = costs.push(cost) - 1;
      labels.set(key, number);
    }
    return number;
  };
  // The loop also reaches the positions it appends.
  for (const position of positions) {
    if (positions.length > mostPositions) return null;
    for (const move of game.moves(position)) {
      if (edges === target.length) {
        target = grown(target, new Uint32Array(2 * edges));
        label = grown(label, new Uint16Array(2 * edges));
      }
      const next = canonical(move.next);
      const key = positionKey(next);
      let number = numbers.get(key);
      if (number === undefined) {
        number = positions.push(next) - 1;
        numbers.set(key, number);
      }
      target[edges] = number;
      label[edges++] = labelOf(move.costs);
    }
    firstEdge.push(edges);
  }
  return {
    game,
    positions,
    firstEdge: Uint32Array.from(firstEdge),
    target: target.subarray(0, edges),
    label: label.subarray(0, edges),
    costs,
  };
}

function grown<Numbers extends Uint32Array | Uint16Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}

/** An edge by its position and its index among that position's moves. */
export interface Step {
  readonly from: number;
  readonly edge: number;
}

/** The move behind an edge, with pages as they are named in the canonical position it starts from. */
export function moveOf(graph: GameGraph, { from, edge }: Step): Move {
  return graph.game.moves(graph.positions[from])[edge - graph.firstEdge[from]];
}

/** A shortest walk from the start to a position. O(edges). */
export function walkTo(graph: GameGraph, goal: number): Step[] {
  const { firstEdge, target, positions } = graph;
  const arrival: (Step | undefined)[] = new Array(positions.length);
  const queue = [0];
  for (const from of queue) {
    if (from === goal) break;
    for (let edge = firstEdge[from]; edge < firstEdge[from + 1]; edge++) {
      const to = target[edge];
      if (to === 0 || arrival[to] !== undefined) continue;
      arrival[to] = { from, edge };
      queue.push(to);
    }
  }
  const walk: Step[] = [];
  for (let step = arrival[goal]; step !== undefined; step = arrival[step.from]) walk.push(step);
  return walk.reverse();
}
