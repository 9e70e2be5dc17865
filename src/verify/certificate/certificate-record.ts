/** A certificate as plain data. */
import { findPolicy } from '../../policies/find-policy.ts';
import { formatRational } from '../../support/rational.ts';
import type { Certificate, Face } from './certify.ts';
import { formatHalfSpace, halfSpace, isSame } from './polyhedron.ts';
import { type Request, scoreAgainstLfd, unroll } from './unroll.ts';

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
}

export interface CertificateRecord {
  readonly policy: string;
  readonly k: number;
  readonly pages: number;
  readonly positions: number;
  readonly moves: number;
  readonly usesBits: boolean;
  /** Whether the faults are expected ones, against an adversary who does not see the coins. */
  readonly randomised: boolean;
  /** Whether any constants exist. */
  readonly competitive: boolean;
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

/** Unrolls every worst cycle and scores it against LFD. */
export function certificateRecord(certificate: Certificate): CertificateRecord {
  const { policy, capacity, pageCount, usesBits, graph, faces, vertices } = certificate;
  return {
    policy,
    k: capacity,
    pages: pageCount,
    positions: graph.positions.length,
    moves: graph.target.length,
    usesBits,
    randomised: findPolicy(policy).randomised,
    competitive: vertices.length > 0,
    vertices: vertices.map(({ point, additive, faces: meeting }) => ({
      alpha: formatRational(point[0]),
      beta: formatRational(point[1]),
      gamma: formatRational(point[2]),
      additive: formatRational(additive),
      faces: meeting.map((face) => faces.indexOf(face)),
    })),
    faces: faces.map((face) => faceRecord(certificate, face)),
  };
}

function faceRecord({ graph, usesBits }: Certificate, face: Face): FaceRecord {
  const scored = face.cycles.map((cycle) => {
    const unrolled = unroll(graph, cycle);
    const score = scoreAgainstLfd(graph, unrolled);
    const { faults, optimum, eta0, eta1 } = score;
    const constraint = halfSpace(faults, [BigInt(optimum), BigInt(eta0), BigInt(eta1)]);
    return { unrolled, score, constraint, attained: isSame(constraint, face) };
  });
  const { unrolled, score, constraint, attained } = scored.find((cycle) => cycle.attained) ?? scored[0];
  const text = ({ page, bit }: Request) => (usesBits ? `${page}:${bit}` : `${page}`);
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
  };
}
