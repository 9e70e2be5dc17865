/**
 * OnlineMin (src/policies/classical/online-min.ts) and its lift on the expected cost. The layers do not depend on the coins, and the
 * random order of the pages never changes; so the mark of a page is its layer, and the probability that the page is in C follows
 * from the sizes of the layers alone.
 *
 * `discard(online-min)` also keeps pages that departed, or that C gave up, while there is room. They only save faults, and
 * are left out here: the model faults wherever the page is not in C, so its faults are no less than the policy's, and what
 * is certified holds for the policy. That no smaller constants do is shown by cycles, which are scored with the policy itself.
 */
import { add, multiply, type Rational, rational } from '../../support/rational.ts';
import type { PolicyModel } from './policy-model.ts';

/**
 * @param capacity k
 * @param departs whether a page requested with bit 1 departs
 */
export function layersModel(capacity: number, departs: boolean): PolicyModel {
  const inSelection = selection();
  return {
    needs: departs ? 'discard bit' : 'nothing',
    isExact: !departs,
    start: (pageCount) => ({ marks: new Array(pageCount).fill(0), shared: '' }),
    serve: ({ marks }, page, bit) => {
      const resident = inSelection(marks, marks[page]);
      const next = [...marks];
      const layers = Math.max(...marks);
      let last = layers;
      if (marks[page] > 0 || layers === capacity) {
        // A page of L_i leaves it, and the rest of L_i joins L_{i−1}; one of L_0 makes the last two layers one.
        const merged = marks[page] || layers;
        for (let other = 0; other < next.length; other++) if (next[other] >= merged) next[other]--;
        last--;
      }
      next[page] = departs && bit === 1 ? 0 : last + 1;
      const faults = rational(resident.denominator - resident.numerator, resident.denominator);
      return { state: { marks: next, shared: '' }, faults };
    },
  };
}

/**
 * The probability that a page of a given layer is in C, remembered by the sizes of the layers. Taking the pages from the highest in
 * the order to the lowest, a page of L_i enters C unless C has j pages of L_1 ∪ … ∪ L_j already for some j ≥ i; that is
 * what the i highest pages of C_{i−1} ∪ L_i, for i = 1, 2, …, amount to.
 */
function selection(): (marks: readonly number[], layer: number) => Rational {
  const known = new Map<string, Rational>();

  /** Expected number of pages of a layer that enter C, with so many pages `left` of each and `room` in L_1 ∪ … ∪ L_j. */
  const expectedPages = (left: readonly number[], room: readonly number[], layer: number): Rational => {
    const open = left.map((size, i) => (room.slice(i).includes(0) ? 0 : size));
    if (open[layer] === 0) return rational(0);
    const key = `${open} ${room} ${layer}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const total = open.reduce((sum, size) => sum + size, 0);
    let expected = rational(0);
    for (let i = 0; i < open.length; i++) {
      if (open[i] === 0) continue;
      const leftThen = open.map((size, j) => (j === i ? size - 1 : size));
      const roomThen = room.map((pages, j) => (j >= i ? pages - 1 : pages));
      const gained = add(rational(i === layer ? 1 : 0), expectedPages(leftThen, roomThen, layer));
      expected = add(expected, multiply(rational(open[i], total), gained));
    }
    known.set(key, expected);
    return expected;
  };

  return (marks, layer) => {
    if (layer === 0) return rational(0);
    const layers = Array.from({ length: Math.max(...marks) }, (_, i) => i + 1);
    const sizes = layers.map((number) => marks.filter((mark) => mark === number).length);
    return multiply(rational(1, sizes[layer - 1]), expectedPages(sizes, layers, layer - 1));
  };
}
