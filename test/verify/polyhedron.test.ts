import t from 'tap';
import { formatRational, rational } from '../../src/support/rational.ts';
import { faces, formatHalfSpace, halfSpace, vertices } from '../../src/verify/certificate/polyhedron.ts';

const above = (a: number, b: number, c: number, bound: number) =>
  halfSpace(rational(bound), [BigInt(a), BigInt(b), BigInt(c)]);
const corners = (...halfSpaces: ReturnType<typeof above>[]) =>
  vertices(halfSpaces).map((point) => point.map(formatRational).join(' '));

t.test('vertices are exact, and none lies below a constraint', async (t) => {
  t.strictSame(corners(), ['0 0 0']);
  t.strictSame(corners(above(3, 0, 0, 2)), ['2/3 0 0']);
  t.strictSame(corners(above(1, 1, 0, 3), above(1, 0, 0, 1), above(0, 0, 1, 1)), ['1 2 1', '3 0 1']);
  t.strictSame(corners(above(0, 0, 0, 1)), [], 'nothing satisfies 0 ≥ 1');
});

t.test('a constraint that others imply is no face', async (t) => {
  const kept = faces([above(1, 0, 0, 1), above(1, 0, 2, 3), above(0, 0, 1, 1), above(2, 0, 0, 2)]);
  t.strictSame(kept.map(formatHalfSpace), ['γ ≥ 1', 'α ≥ 1']);
});

t.test('fractions are kept in lowest terms with a positive denominator', async (t) => {
  t.equal(formatRational(rational(6, -4)), '-3/2');
  t.equal(formatRational(rational(0, -4)), '0');
  t.equal(formatHalfSpace(halfSpace(rational(11, 3), [2n, 2n, 0n])), '6α + 6β ≥ 11');
});
