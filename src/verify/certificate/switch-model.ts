/**
 * src/policies/augmented/switch.ts between two deterministic policies. The mark of a page says, in a mixed radix, its mark under
 * either policy and its place in the real cache: ranked among the pages inside the followed policy's cache, or among
 * those outside it. Shared are the side that is followed and its lag.
 */
import { rational } from '../../support/rational.ts';
import { type PolicyModel, type Rules, type Served, serveByRules } from './policy-model.ts';
import { RankedPages } from './ranked-pages.ts';

/**
 * @param capacity k
 * @param margin faults by which the followed side may lag
 */
export function switchModel(capacity: number, sides: readonly [Rules, Rules], margin: number): PolicyModel {
  return {
    needs: sides.some(({ usesBits }) => usesBits) ? 'discard bit' : 'nothing',
    isExact: true,
    start: (pageCount) => ({ marks: new Array(pageCount).fill(0), shared: '0 0' }),
    serve: ({ marks, shared }, page, bit) => {
      const [followed, lag] = shared.split(' ').map(Number);
      return new Serving(capacity, sides, Math.floor(margin), marks, followed, lag).serve(page, bit);
    },
  };
}

/** One request. */
class Serving {
  private readonly capacity: number;
  private readonly sides: readonly [Rules, Rules];
  private readonly margin: number;
  /** Marks under each policy. */
  private readonly simulated: [number[], number[]];
  /** Ranks in the real cache. */
  private readonly real: number[];
  private readonly inside: RankedPages;
  private readonly outside: RankedPages;
  private followed: number;
  private lag: number;

  constructor(
    capacity: number,
    sides: readonly [Rules, Rules],
    margin: number,
    marks: readonly number[],
    followed: number,
    lag: number,
  ) {
    this.capacity = capacity;
    this.sides = sides;
    this.margin = margin;
    const [first, second] = sides.map(({ largestMark }) => largestMark + 1);
    this.simulated = [
      marks.map((mark) => mark % first),
      marks.map((mark) => Math.floor(mark / first) % second),
    ];
    this.real = marks.map((mark) => Math.floor(mark / (first * second)));
    this.inside = new RankedPages(0, capacity);
    this.outside = new RankedPages(capacity, capacity);
    this.followed = followed;
    this.lag = lag;
  }

  serve(page: number, bit: number): Served {
    const { real } = this;
    const hit = real[page] > 0;
    this.simulate(page, bit);
    if (hit) this.remove(page);
    else if (real.filter((rank) => rank > 0).length === this.capacity) {
      const outside = this.outside.first(real);
      this.remove(outside >= 0 ? outside : this.inside.first(real));
    }
    this.place(page);
    const [first, second] = this.sides.map(({ largestMark }) => largestMark + 1);
    const [one, other] = this.simulated;
    const marks = real.map((rank, i) => (rank * second + other[i]) * first + one[i]);
    return { state: { marks, shared: `${this.followed} ${this.lag}` }, faults: rational(hit ? 0 : 1) };
  }

  private simulate(page: number, bit: number): void {
    const { sides, simulated, followed, capacity } = this;
    const here = serveByRules(sides[followed], simulated[followed], capacity, page, bit);
    const there = serveByRules(sides[1 - followed], simulated[1 - followed], capacity, page, bit);
    for (const left of here.left) {
      if (this.real[left] === 0) continue;
      this.remove(left);
      this.outside.append(this.real, left);
    }
    if (here.hit !== there.hit) this.lag = Math.max(0, this.lag + (there.hit ? 1 : -1));
    if (this.lag > this.margin) this.changeSides();
  }

  private changeSides(): void {
    this.lag = 0;
    this.followed = 1 - this.followed;
    const order: number[] = [];
    for (const list of [this.outside, this.inside]) {
      for (let page = list.first(this.real); page >= 0; page = list.first(this.real)) {
        list.remove(this.real, page);
        order.push(page);
      }
    }
    for (const page of order) this.place(page);
  }

  private remove(page: number): void {
    (this.inside.has(this.real[page]) ? this.inside : this.outside).remove(this.real, page);
  }

  private place(page: number): void {
    const isInside = this.simulated[this.followed][page] > 0;
    (isInside ? this.inside : this.outside).append(this.real, page);
  }
}
