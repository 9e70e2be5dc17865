/**
 * Marker and its one-bit forms, on the expected cost. The set of marked pages does not depend on the coins: a phase ends when k
 * marked pages fill the cache and another one is requested. The *old* pages, those marked when the phase began and not
 * requested or departed since, are interchangeable: given how many of them are resident, every subset of that size is
 * equally likely, and both a request to one of them and the eviction of a random one keep it so. So the state is the mark of
 * each page, and the joint distribution of two counts: resident old pages, and gifts.
 *
 * *Gifts* are departed pages that still stand in free slots (only in `discard(marker)`; in mark0 a departed page is gone). They are
 * given away oldest first, so the resident ones are always the latest departed, and their number says which.
 */
import { add, multiply, type Rational, rational } from '../../support/rational.ts';
import type { PolicyModel, PolicyState, Served } from './policy-model.ts';
import { RankedPages } from './ranked-pages.ts';

/** What becomes of a page requested with bit 1. */
export type Departure = 'never' | 'leaves' | 'stays as a gift';

const OUTSIDE = 0;
const MARKED = 1;
const OLD = 2;
const ONE = rational(1);

/** Counts that some outcome of the coins leads to, and how likely. */
interface Outcome {
  readonly old: number;
  readonly gifts: number;
  readonly probability: Rational;
}

/**
 * The model of marker (`never`), mark0 (`leaves`) or discard(marker) (`stays as a gift`).
 *
 * @param capacity k
 */
export function markerModel(capacity: number, departure: Departure): PolicyModel {
  return {
    needs: departure === 'never' ? 'nothing' : 'discard bit',
    isExact: true,
    start: (pageCount) => ({
      marks: new Array(pageCount).fill(OUTSIDE),
      shared: format([{ old: 0, gifts: 0, probability: ONE }]),
    }),
    serve: (state, page, bit) => new Serving(capacity, state, page).serve(bit === 1 ? departure : 'never'),
  };
}

/** One request. */
class Serving {
  private readonly capacity: number;
  private readonly page: number;
  private readonly marks: number[];
  private readonly gifts: RankedPages;
  private outcomes: Outcome[];
  private faults = rational(0);

  constructor(capacity: number, state: PolicyState, page: number) {
    this.capacity = capacity;
    this.page = page;
    this.marks = [...state.marks];
    this.gifts = new RankedPages(OLD, capacity + 1);
    this.outcomes = parse(state.shared);
  }

  serve(departure: Departure): Served {
    const { marks, page } = this;
    if (marks[page] !== MARKED) {
      if (this.count(MARKED) === this.capacity) this.beginPhase();
      this.load();
    }
    if (departure === 'leaves') marks[page] = OUTSIDE;
    if (departure === 'stays as a gift') {
      this.gifts.append(marks, page);
      this.outcomes = this.outcomes.map((outcome) => ({ ...outcome, gifts: outcome.gifts + 1 }));
    }
    this.forget();
    return { state: { marks, shared: format(this.outcomes) }, faults: this.faults };
  }

  /** All k residents were marked: they are the old pages now. */
  private beginPhase(): void {
    this.marks.forEach((mark, page) => {
      this.marks[page] = mark === MARKED ? OLD : OUTSIDE;
    });
    this.outcomes = [{ old: this.capacity, gifts: 0, probability: ONE }];
  }

  /** Makes the requested page resident and marks it. */
  private load(): void {
    const { marks, page } = this;
    const marked = this.count(MARKED);
    const outcomes: Outcome[] = [];
    for (const outcome of this.outcomes) {
      const { old, gifts, probability } = outcome;
      const resident = this.residence(outcome);
      const hit = multiply(probability, resident);
      const fault = multiply(
        probability,
        rational(resident.denominator - resident.numerator, resident.denominator),
      );
      if (marks[page] === OLD) outcomes.push({ old: old - 1, gifts, probability: hit });
      else outcomes.push({ old, gifts: gifts - 1, probability: hit });
      this.faults = add(this.faults, fault);
      if (marked + old + gifts < this.capacity) outcomes.push({ old, gifts, probability: fault });
      else if (gifts > 0) outcomes.push({ old, gifts: gifts - 1, probability: fault });
      else outcomes.push({ old: old - 1, gifts, probability: fault });
    }
    this.outcomes = outcomes;
    if (this.gifts.has(marks[page])) this.gifts.remove(marks, page);
    marks[page] = MARKED;
  }

  /** How likely the requested page, unmarked, is resident in an outcome. */
  private residence({ old, gifts }: Outcome): Rational {
    const mark = this.marks[this.page];
    if (mark === OLD) return rational(old, this.count(OLD));
    if (!this.gifts.has(mark)) return rational(0);
    const departedSince = this.marks.filter((other) => other > mark).length;
    return rational(departedSince < gifts ? 1 : 0);
  }

  /** Pages that are resident in no outcome are outside, whatever they were; equal outcomes become one. */
  private forget(): void {
    const merged = new Map<string, Outcome>();
    for (const outcome of this.outcomes) {
      if (outcome.probability.numerator === 0n) continue;
      const key = `${outcome.old},${outcome.gifts}`;
      const probability = add(merged.get(key)?.probability ?? rational(0), outcome.probability);
      merged.set(key, { ...outcome, probability });
    }
    this.outcomes = [...merged.values()].sort((a, b) => a.old - b.old || a.gifts - b.gifts);
    const most = Math.max(...this.outcomes.map(({ gifts }) => gifts));
    while (this.marks.filter((mark) => this.gifts.has(mark)).length > most)
      this.gifts.remove(this.marks, this.gifts.first(this.marks));
    if (this.outcomes.every(({ old }) => old === 0)) {
      this.marks.forEach((mark, page) => {
        if (mark === OLD) this.marks[page] = OUTSIDE;
      });
    }
  }

  private count(mark: number): number {
    return this.marks.filter((other) => other === mark).length;
  }
}

function format(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ old, gifts, probability: p }) => `${old} ${gifts} ${p.numerator} ${p.denominator}`)
    .join(';');
}

function parse(shared: string): Outcome[] {
  return shared.split(';').map((outcome) => {
    const [old, gifts, numerator, denominator] = outcome.split(' ');
    const probability = { numerator: BigInt(numerator), denominator: BigInt(denominator) };
    return { old: Number(old), gifts: Number(gifts), probability };
  });
}
