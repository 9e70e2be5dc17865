/** A certificate as plain data. */
import { findPolicy } from '../../policies/find-policy.ts';
import { formatRational } from '../../support/rational.ts';
import type { Certificate, Face, Frontier } from './certify.ts';
import { REPETITIONS, scoreAgainstLfd } from './lfd-score.ts';
import { formatHalfSpace, halfSpace, isSame } from './polyhedron.ts';
import { type Request, repeat, type UnrolledCycle, unroll } from './unroll.ts';

/** A worst cycle as an instance that can be replayed. */
export interface InstanceRecord {
  readonly pages: readonly number[];
  readonly capacity: number;
  /** One bit a request; zeros for a policy that needs none. */
  readonly predictions: readonly number[];
  readonly seed: number;
}

/** A constraint with the cycle that proves it; rationals as text such as `11/3`. */
export interface FaceRecord {
  /** Such as `α + β ≥ 3`. */
  readonly constraint: string;
  /** Requests from empty caches to the cycle, then those that repeat: `page`, or `page:bit`. */
  readonly approach: readonly string[];
  readonly cycle: readonly string[];
  /** What so many repetitions cost against LFD with its true labels. */
  readonly againstLfd: {
    readonly repetitions: number;
    readonly faults: string;
    readonly optimum: number;
    readonly eta0: number;
    readonly eta1: number;
    /** The constraint that this is. */
    readonly constraint: string;
    /** Whether it is the face itself, so that no smaller constants hold against LFD either. */
    readonly attained: boolean;
  };
  /** The approach and so many repetitions. */
  readonly instance: InstanceRecord;
}

export interface FrontierRecord {
  /** Number of pages of the game. */
  readonly pages: number;
  readonly positions: number;
  readonly moves: number;
  readonly vertices: readonly {
    readonly alpha: string;
    readonly beta: string;
    readonly gamma: string;
    readonly additive: string;
    /** Indices of the faces that meet here. */
    readonly faces: readonly number[];
  }[];
  readonly faces: readonly FaceRecord[];
}

export interface CertificateRecord {
  readonly policy: string;
  readonly k: number;
  readonly pages: number;
  readonly needs: 'nothing' | 'discard bit' | 'phase bit';
  /** Whether the faults are expected ones, against an adversary who does not see the coins. */
  readonly randomised: boolean;
  /** Whether any constants exist. */
  readonly competitive: boolean;
  /** What is certified for every lazy offline rival; errors on the rival's own labels. */
  readonly everyRival: FrontierRecord;
  /** Whether that holds for any number of pages. */
  readonly anyPages: boolean;
  /** What is certified for LFD with its true labels; null where that game is too large. */
  readonly lfd: FrontierRecord | null;
}

/** Unrolls every worst cycle and scores it against LFD. */
export function certificateRecord(certificate: Certificate): CertificateRecord {
  const { policy, capacity, pageCount, model, everyRival, anyPages, lfd } = certificate;
  const lfdRecord = lfd && frontierRecord(certificate, lfd);
  return {
    policy,
    k: capacity,
    pages: pageCount,
    needs: model.needs,
    randomised: findPolicy(policy).randomised,
    competitive: everyRival.vertices.length > 0,
    everyRival:
      lfdRecord !== undefined && lfd !== undefined && isSameShape(lfd, everyRival)
        ? // LFD is a rival, so its cycles prove these constraints too.
          { ...lfdRecord, ...sizeOf(everyRival) }
        : frontierRecord(certificate, everyRival),
    anyPages,
    lfd: lfdRecord ?? null,
  };
}

function isSameShape(a: Frontier, b: Frontier): boolean {
  const shape = ({ vertices }: Frontier) =>
    vertices.map(({ point, additive }) => [...point, additive].map(formatRational).join(' ')).join();
  return shape(a) === shape(b);
}

function sizeOf({ graph }: Frontier): Pick<FrontierRecord, 'pages' | 'positions' | 'moves'> {
  return { pages: graph.game.pageCount, positions: graph.positions.length, moves: graph.target.length };
}

function frontierRecord(certificate: Certificate, frontier: Frontier): FrontierRecord {
  const { faces, vertices } = frontier;
  return {
    ...sizeOf(frontier),
    vertices: vertices.map(({ point, additive, faces: meeting }) => ({
      alpha: formatRational(point[0]),
      beta: formatRational(point[1]),
      gamma: formatRational(point[2]),
      additive: formatRational(additive),
      faces: meeting.map((face) => faces.indexOf(face)),
    })),
    faces: faces.map((face) => faceRecord(certificate, frontier, face)),
  };
}

function faceRecord(certificate: Certificate, { graph }: Frontier, face: Face): FaceRecord {
  const scored = scoredCycles(certificate, graph, face);
  const { unrolled, score, constraint, attained } =
    scored.find((cycle) => cycle.attained) ?? scored[scored.length - 1];
  const { model, capacity } = certificate;
  const { sequence, bits } = repeat(unrolled, graph.game.pageCount, REPETITIONS);
  const text = ({ page, bit }: Request) => (model.needs === 'nothing' ? `${page}` : `${page}:${bit}`);
  return {
    constraint: formatHalfSpace(face),
    approach: unrolled.approach.map(text),
    cycle: unrolled.period.map(text),
    againstLfd: {
      ...score,
      faults: formatRational(score.faults),
      constraint: formatHalfSpace(constraint),
      attained,
    },
    instance: { pages: [...sequence.pages], capacity, predictions: [...bits], seed: 1 },
  };
}

/** Cycles of a face with what each costs against LFD, up to the first that attains it. */
function scoredCycles(certificate: Certificate, graph: Frontier['graph'], face: Face) {
  const scored = [];
  const cycles = face.cycles.map((cycle) => unroll(graph, cycle));
  if (!certificate.model.isExact) {
    // Those without 1s are scored without the policy's coins, so they are tried first.
    const ones = ({ approach, period }: UnrolledCycle) =>
      [...approach, ...period].reduce((sum, { bit }) => sum + bit, 0);
    cycles.sort((a, b) => ones(a) - ones(b));
    cycles.unshift(stuckPage(certificate.capacity));
  }
  for (const unrolled of cycles) {
    const score = scoreAgainstLfd(certificate, graph.game.pageCount, unrolled);
    const { faults, optimum, eta0, eta1 } = score;
    const constraint = halfSpace(faults, [BigInt(optimum), BigInt(eta0), BigInt(eta1)]);
    const attained = isSame(constraint, face);
    scored.push({ unrolled, score, constraint, attained });
    if (attained) break;
  }
  return scored;
}

/**
 * One page that is never asked again with bit 0, and k others in turn with bit 1. The optimum holds those k; a policy that gives up
 * pages with bit 1 first keeps the dead page and faults on every request (docs/certificates.md, section 4). Where a model is not
 * exact, its own cycles may cost the policy less than the model; this one does not, and tosses no coins.
 */
function stuckPage(capacity: number): UnrolledCycle {
  const period = Array.from({ length: capacity }, (_, i) => ({ page: i + 1, bit: 1 }));
  return { approach: [{ page: 0, bit: 0 }], period };
}
