/**
 * What a certificate knows of a policy: a pure transition function on small states.
 *
 * The policies of the catalog are not used directly, because their states cannot be compared: they speak of slots, and
 * the same order of pages has as many states as ways to assign slots. A model says for each page one small number, its
 * *mark* (0: not resident; otherwise, for instance, its rank in the order of recency). Renaming pages permutes the marks
 * and nothing else, so sorting them makes the states that differ only by names equal. A test runs every model beside its
 * catalog policy on random sequences.
 */
import { type Rational, rational } from '../../support/rational.ts';

export interface PolicyState {
  /** One mark a page. */
  readonly marks: readonly number[];
  /** What the state holds that belongs to no page; states are equal only if these are. */
  readonly shared: string;
}

export interface Served {
  readonly state: PolicyState;
  /** Expected number of faults of this request: 0 or 1 if the policy is deterministic. */
  readonly faults: Rational;
}

/** A policy as a finite machine. Pages with equal marks are interchangeable: a renaming of pages commutes with `serve`. */
export interface PolicyModel {
  /** What it is told with each request. */
  readonly needs: 'nothing' | 'discard bit' | 'phase bit';
  /**
   * Whether `faults` are those of the policy, or, once a bit is 1, only no less: then cycles are scored with the policy itself.
   */
  readonly isExact: boolean;
  /** Whether its states may have no end, so that looking for one is given up early. */
  readonly mayBeInfinite?: boolean;
  /** The state with the cache empty. */
  start(pageCount: number): PolicyState;
  /** Serves one request and leaves `state` as it was. */
  serve(state: PolicyState, page: number, bit: number): Served;
}

/**
 * The rules of a deterministic policy, written on pages instead of slots but otherwise as in `Policy`; they change the marks
 * in place. A page is resident if its mark is positive.
 */
export interface Rules {
  readonly usesBits: boolean;
  /** Marks are 0 … `largestMark`. */
  readonly largestMark: number;
  hit(marks: number[], page: number, bit: number): void;
  load(marks: number[], page: number, bit: number): void;
  /** The page to evict, or −1 where all are protected; `remove` follows. Nobody is protected except by a combiner. */
  victim(marks: number[], isProtected: (page: number) => boolean): number;
  /** Sets the page's mark to 0. */
  remove(marks: number[], page: number): void;
  /** The next page to leave early, or −1; `remove` follows. */
  leaving?(marks: number[]): number;
}

const HIT = rational(0);
const FAULT = rational(1);

/** Demand paging by the given rules; O(pages) a request. */
export function deterministicModel(capacity: number, rules: Rules): PolicyModel {
  return {
    needs: rules.usesBits ? 'discard bit' : 'nothing',
    isExact: true,
    start: (pageCount) => ({ marks: new Array(pageCount).fill(0), shared: '' }),
    serve: (state, page, bit) => {
      const marks = [...state.marks];
      const { hit } = serveByRules(rules, marks, capacity, page, bit);
      return { state: { marks, shared: '' }, faults: hit ? HIT : FAULT };
    },
  };
}

/** Serves one request in place. `left` are the pages that left, in order. O(pages). */
export function serveByRules(
  rules: Rules,
  marks: number[],
  capacity: number,
  page: number,
  bit: number,
): { hit: boolean; left: number[] } {
  const left: number[] = [];
  const remove = (marks: number[], page: number) => {
    left.push(page);
    rules.remove(marks, page);
  };
  const hit = marks[page] > 0;
  if (hit) {
    rules.hit(marks, page, bit);
  } else {
    if (marks.filter((mark) => mark > 0).length === capacity)
      remove(
        marks,
        rules.victim(marks, () => false),
      );
    rules.load(marks, page, bit);
  }
  letLeave(rules, marks, remove);
  return { hit, left };
}

/** Lets `leave` take every page that leaves early. */
export function letLeave(
  rules: Rules,
  marks: number[],
  leave: (marks: number[], page: number) => void,
): void {
  if (rules.leaving === undefined) return;
  for (let page = rules.leaving(marks); page >= 0; page = rules.leaving(marks)) leave(marks, page);
}
