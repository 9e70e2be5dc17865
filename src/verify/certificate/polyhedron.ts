/**
 * The points (α, β, γ) ≥ 0 that satisfy constraints α·a + β·b + γ·c ≥ d with coefficients ≥ 0, exactly. With every point
 * such a polyhedron contains all larger ones, so its vertices describe it: it is what lies above their convex hull.
 */
import {
  add,
  compare,
  greatestCommonDivisor,
  multiply,
  type Rational,
  rational,
} from '../../support/rational.ts';

export type Point = readonly [Rational, Rational, Rational];

/** coefficients · point ≥ bound. */
export interface HalfSpace {
  readonly coefficients: readonly [bigint, bigint, bigint];
  readonly bound: bigint;
}

/** The constraint counts · (α, β, γ) ≥ faults in lowest terms. */
export function halfSpace(faults: Rational, counts: readonly [bigint, bigint, bigint]): HalfSpace {
  const whole = [...counts.map((count) => count * faults.denominator), faults.numerator];
  const divisor = whole.reduce(greatestCommonDivisor, 0n) || 1n;
  const [alpha, beta, gamma, bound] = whole.map((number) => number / divisor);
  return { coefficients: [alpha, beta, gamma], bound };
}

export function isSame(a: HalfSpace, b: HalfSpace): boolean {
  return a.bound === b.bound && a.coefficients.every((coefficient, i) => coefficient === b.coefficients[i]);
}

/** `α + 2β ≥ 3`. */
export function formatHalfSpace({ coefficients, bound }: HalfSpace): string {
  const terms = coefficients.flatMap((coefficient, i) =>
    coefficient === 0n ? [] : [`${coefficient === 1n ? '' : coefficient}${'αβγ'[i]}`],
  );
  return `${terms.join(' + ') || '0'} ≥ ${bound}`;
}

const AXES: readonly HalfSpace[] = [
  { coefficients: [1n, 0n, 0n], bound: 0n },
  { coefficients: [0n, 1n, 0n], bound: 0n },
  { coefficients: [0n, 0n, 1n], bound: 0n },
];

/** coefficients · point − bound. */
export function slack({ coefficients, bound }: HalfSpace, point: Point): Rational {
  let sum = rational(-bound);
  coefficients.forEach((coefficient, i) => {
    sum = add(sum, multiply(rational(coefficient), point[i]));
  });
  return sum;
}

const ZERO = rational(0);

export function isTight(halfSpace: HalfSpace, point: Point): boolean {
  return compare(slack(halfSpace, point), ZERO) === 0;
}

/** The vertices, smallest α first. O(m⁴) for m constraints. */
export function vertices(halfSpaces: readonly HalfSpace[]): Point[] {
  const all = [...AXES, ...halfSpaces];
  const found = new Map<string, Point>();
  for (let i = 0; i < all.length; i++) {
    for (let j = i + 1; j < all.length; j++) {
      for (let l = j + 1; l < all.length; l++) {
        const point = intersection(all[i], all[j], all[l]);
        if (point === null || found.has(pointKey(point))) continue;
        if (all.every((halfSpace) => compare(slack(halfSpace, point), ZERO) >= 0))
          found.set(pointKey(point), point);
      }
    }
  }
  return [...found.values()].sort(
    (p, q) => compare(p[0], q[0]) || compare(p[1], q[1]) || compare(p[2], q[2]),
  );
}

export function pointKey(point: Point): string {
  return point.map(({ numerator, denominator }) => `${numerator}/${denominator}`).join(' ');
}

/** Those constraints that no others imply, so that each is a face. The earlier of two equal ones is dropped. */
export function faces<Face extends HalfSpace>(halfSpaces: readonly Face[]): Face[] {
  const shape = (some: readonly HalfSpace[]) => vertices(some).map(pointKey).join(', ');
  const whole = shape(halfSpaces);
  let kept = [...halfSpaces];
  for (const face of halfSpaces) {
    const others = kept.filter((other) => other !== face);
    if (shape(others) === whole) kept = others;
  }
  return kept;
}

/** The one point where three constraints are tight, or null. Cramer's rule. */
function intersection(a: HalfSpace, b: HalfSpace, c: HalfSpace): Point | null {
  const rows = [a, b, c];
  const determinant = determinantOf(rows.map(({ coefficients }) => coefficients));
  if (determinant === 0n) return null;
  const coordinate = (column: number) =>
    rational(
      determinantOf(
        rows.map(({ coefficients, bound }) => coefficients.map((x, i) => (i === column ? bound : x))),
      ),
      determinant,
    );
  return [coordinate(0), coordinate(1), coordinate(2)];
}

function determinantOf([a, b, c]: readonly (readonly bigint[])[]): bigint {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}
