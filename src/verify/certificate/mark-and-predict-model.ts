/**
 * Mark&Predict (src/policies/augmented/mark-and-predict.ts) on the expected cost. Marks and bits do not depend on the coins. Among
 * the *old* pages, those of the previous phase not yet requested in this one, those that leave (bit 1) go first; so
 * the number of old pages resident of each bit does not depend on the coins either, and given it every subset is equally likely.
 */
import { rational } from '../../support/rational.ts';
import type { PolicyModel } from './policy-model.ts';

/** Marks: outside; requested in this phase with bit 0 or 1; old with bit 0 or 1. */
const OUTSIDE = 0;
const MARKED = 1;
const OLD = 3;

/** @param capacity k */
export function markAndPredictModel(capacity: number): PolicyModel {
  return {
    needs: 'phase bit',
    isExact: true,
    start: (pageCount) => ({ marks: new Array(pageCount).fill(OUTSIDE), shared: '' }),
    serve: (state, page, bit) => {
      const marks = [...state.marks];
      const before = residents(capacity, marks);
      const marked = marks[page] === MARKED || marks[page] === MARKED + 1;
      if (!marked && before.marked === capacity) {
        // All k residents are marked: a new phase.
        for (let other = 0; other < marks.length; other++) {
          marks[other] =
            marks[other] >= OLD || marks[other] === OUTSIDE ? OUTSIDE : marks[other] + OLD - MARKED;
        }
      }
      const { old, resident } = residents(capacity, marks);
      const oldBit = marks[page] - OLD;
      const missing = marked ? 0 : oldBit >= 0 ? old[oldBit] - resident[oldBit] : 1;
      const among = oldBit >= 0 ? old[oldBit] : 1;
      marks[page] = MARKED + bit;
      return { state: { marks, shared: '' }, faults: rational(missing, among) };
    },
  };
}

/** How many pages are marked, how many are old with each bit, and how many of those are resident. */
function residents(capacity: number, marks: readonly number[]) {
  const count = (mark: number) => marks.filter((other) => other === mark).length;
  const marked = count(MARKED) + count(MARKED + 1);
  const old = [count(OLD), count(OLD + 1)];
  const returning = Math.min(old[0], capacity - marked);
  const leaving = Math.min(old[1], capacity - marked - returning);
  return { marked, old, resident: [returning, leaving] };
}
