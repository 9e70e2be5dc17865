/**
 * Certificates: all (α, β, γ) such that faults ≤ α·rival + β·η0 + γ·η1 + c on every request sequence over a given number of pages, for
 * all bits and every lazy offline rival, with some c that depends on none of them. Since the game is finite, that holds
 * if and only if no cycle of it has faults − α·rival − β·η0 − γ·η1 > 0; so each cycle is a linear constraint, and the set is a
 * polyhedron. Its constraints are found one by one: solve for the vertices under those known, look for a
 * cycle that breaks one of them, repeat until every vertex is proved.
 */
import { Failure } from '../../support/failure.ts';
import { add, greatestCommonDivisor, type Rational, rational } from '../../support/rational.ts';
import { estimatePositions, mostPositions, refuseTooLarge, tooLarge } from './estimate-size.ts';
import { findModel } from './find-model.ts';
import type { Game } from './game.ts';
import { exploreGame, type GameGraph, type Step } from './game-graph.ts';
import { LfdGame } from './lfd-game.ts';
import { PhaseGame } from './phase-game.ts';
import type { PolicyModel } from './policy-model.ts';
import {
  faces,
  type HalfSpace,
  halfSpace,
  isSame,
  isTight,
  type Point,
  pointKey,
  vertices,
} from './polyhedron.ts';
import { findPositiveCycles } from './positive-cycle.ts';
import { RivalGame } from './rival-game.ts';

/** Even estimating the size of a larger game takes long. */
const MOST_PAGES = 64;

/** The game against LFD is given up beyond: about ten seconds. */
const MOST_LFD_POSITIONS = 100_000;

/** Most cycles kept for one constraint. */
const MOST_CYCLES = 16;

/** A constraint that cycles of the game put on (α, β, γ): α·rival + β·η0 + γ·η1 ≥ faults. */
export interface Face extends HalfSpace {
  /** Cycles that put it, the shortest first; never empty. They may differ in what they cost against LFD. */
  readonly cycles: readonly (readonly Step[])[];
}

export interface ProvedVertex {
  readonly point: Point;
  /** The smallest c with which the bound holds for every rival, from empty caches. */
  readonly additive: Rational;
  /** The faces that meet here. */
  readonly faces: readonly Face[];
}

/** All (α, β, γ) that no cycle of a game contradicts. */
export interface Frontier {
  readonly graph: GameGraph;
  /** The constraints, none implied by others. */
  readonly faces: readonly Face[];
  /** Empty if no constants exist. */
  readonly vertices: readonly ProvedVertex[];
}

export interface Certificate {
  readonly policy: string;
  readonly capacity: number;
  readonly pageCount: number;
  readonly model: PolicyModel;
  /** Against every lazy offline schedule, with the errors counted on that schedule's own labels. */
  readonly everyRival: Frontier;
  /**
   * Whether `everyRival` holds for any number of pages: no position knows anything of all the pages, so one more page would be like
   * those of which it knows nothing.
   */
  readonly anyPages: boolean;
  /**
   * Against LFD with its true labels: no larger constants than for every rival. Where no label depends on a schedule, that is without
   * bits or with phase bits, the two are the same. Found on k + 1 or k + 2 pages if the constants there are those of `everyRival`
   * already, since more pages cannot make them smaller. Absent if the game is too large.
   */
  readonly lfd: Frontier | undefined;
}

/**
 * Certifies a policy.
 *
 * @param expression a policy such as `lru` or `discard(lru)`, see `CERTIFIABLE`
 * @param capacity k, a positive integer
 * @param pageCount number of pages the certificate speaks of, an integer > k
 * @throws Failure where the policy has no model, the numbers make no sense, or the game would not fit in memory
 */
export function certify(expression: string, capacity: number, pageCount: number): Certificate {
  if (!Number.isSafeInteger(capacity) || capacity < 1)
    throw new Failure('--k: must be a positive integer, for example 3');
  if (capacity >= MOST_PAGES)
    throw new Failure(`--k: must be below ${MOST_PAGES}, whose game would not fit in memory; for example 3`);
  if (!Number.isSafeInteger(pageCount) || pageCount <= capacity || pageCount > MOST_PAGES)
    throw new Failure(
      `--pages: must be an integer above --k and at most ${MOST_PAGES}, for example ${Math.min(capacity + 2, MOST_PAGES)}`,
    );
  const model = findModel(expression, capacity);
  const Rivals = model.needs === 'phase bit' ? PhaseGame : RivalGame;
  const game = new Rivals(model, capacity, pageCount);
  const title = `${expression} with k = ${capacity} on ${pageCount} pages`;
  refuseTooLarge(game, title);
  const graph = exploreGame(game, mostPositions(game));
  if (graph === null) throw tooLarge(game, title, estimatePositions(game));
  const everyRival = frontier(graph);
  const blank = graph.positions[0].codes[0];
  const anyPages = graph.positions.every(({ codes }) => codes.includes(blank));
  const lfd = model.needs === 'discard bit' ? frontierAgainstLfd(game, everyRival) : everyRival;
  return { policy: expression, capacity, pageCount, model, everyRival, anyPages, lfd };
}

function frontierAgainstLfd(
  { model, capacity, pageCount }: Game,
  everyRival: Frontier,
): Frontier | undefined {
  const shape = ({ vertices }: Frontier) => vertices.map(({ point }) => pointKey(point)).join();
  let lfd: Frontier | undefined;
  for (const pages of new Set([capacity + 1, Math.min(capacity + 2, pageCount), pageCount])) {
    const graph = exploreGame(new LfdGame(model, capacity, pages), MOST_LFD_POSITIONS);
    lfd = graph === null ? undefined : frontier(graph);
    if (lfd !== undefined && shape(lfd) === shape(everyRival)) break;
  }
  return lfd;
}

/** The polyhedron of a game, exactly. */
export function frontier(graph: GameGraph): Frontier {
  let constraints: Face[] = [];
  const additive = new Map<string, Rational>();
  for (;;) {
    const corners = vertices(constraints);
    // What is tight nowhere is implied by the others: there is no need to carry it along.
    constraints = constraints.filter((face) => corners.length === 0 || corners.some((p) => isTight(face, p)));
    const open = corners.find((point) => !additive.has(pointKey(point)));
    if (open === undefined) {
      const kept = corners.length === 0 ? constraints.filter(isImpossible) : faces(constraints);
      const proved = corners.map((point) => ({
        point,
        additive: additive.get(pointKey(point)) as Rational,
        faces: kept.filter((face) => isTight(face, point)),
      }));
      return { graph, faces: kept, vertices: proved };
    }
    const { weights, scale } = weightsAt(graph, open);
    const verdict = findPositiveCycles(graph, weights);
    if (verdict.cycles === null) additive.set(pointKey(open), rational(verdict.longest, scale));
    else for (const steps of verdict.cycles) addCycle(constraints, constraintOf(graph, steps), steps);
  }
}

/** A cycle on which the policy pays and nobody else does: no constants exist. */
function isImpossible({ coefficients }: HalfSpace): boolean {
  return coefficients.every((coefficient) => coefficient === 0n);
}

/** The weight of each cost at a point, faults − α·rival − β·η0 − γ·η1, times the common denominator. */
function weightsAt(graph: GameGraph, [alpha, beta, gamma]: Point): { weights: Float64Array; scale: bigint } {
  let scale = 1n;
  for (const { denominator } of [alpha, beta, gamma, ...graph.costs.map(({ faults }) => faults)])
    scale *= denominator / greatestCommonDivisor(scale, denominator);
  const scaled = ({ numerator, denominator }: Rational) => Number((numerator * scale) / denominator);
  const weights = graph.costs.map(
    ({ faults, rivalFaults, eta0, eta1 }) =>
      scaled(faults) - scaled(alpha) * rivalFaults - scaled(beta) * eta0 - scaled(gamma) * eta1,
  );
  return { weights: Float64Array.from(weights), scale };
}

function constraintOf({ costs, label }: GameGraph, steps: readonly Step[]): HalfSpace {
  let faults = rational(0);
  const counts: [bigint, bigint, bigint] = [0n, 0n, 0n];
  for (const { edge } of steps) {
    const cost = costs[label[edge]];
    faults = add(faults, cost.faults);
    counts[0] += BigInt(cost.rivalFaults);
    counts[1] += BigInt(cost.eta0);
    counts[2] += BigInt(cost.eta1);
  }
  return halfSpace(faults, counts);
}

/** Adds a cycle to the constraint it puts, or that constraint. */
function addCycle(constraints: Face[], constraint: HalfSpace, steps: readonly Step[]): void {
  const same = constraints.findIndex((other) => isSame(other, constraint));
  if (same < 0) {
    constraints.push({ ...constraint, cycles: [steps] });
    return;
  }
  const cycles = [...constraints[same].cycles, steps].sort((a, b) => a.length - b.length);
  constraints[same] = { ...constraint, cycles: cycles.slice(0, MOST_CYCLES) };
}
