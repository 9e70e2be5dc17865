/**
 * The game between a policy and an adversary who also steers an offline *rival*: in each move the adversary names a page
 * and its discard bit and, where the rival faults with a full cache, the page the rival evicts. The rival is any lazy
 * offline schedule; the optimum is one of them. A pending bit, the newest of a page in the rival's cache, resolves as THEORY
 * section 2 says with the rival in LFD's place: a 0 was wrong when the rival evicts the page, a 1 when the page is asked
 * again while the rival still has it.
 */
import type { Rational } from '../../support/rational.ts';
import type { PolicyModel, PolicyState } from './policy-model.ts';

/** What the rival knows of a page. The pending bit of a page that it does not hold is resolved already. */
const OUTSIDE = 0;
const PENDING_0 = 1;
const PENDING_1 = 2;
const RIVAL_STATES = 3;

/** A position of the game. */
export interface Position {
  /** One number a page: three times its mark in the policy's state, plus what the rival knows of it. */
  readonly codes: readonly number[];
  /** The part of the policy's state that belongs to no page. */
  readonly shared: string;
}

/** What a move costs each side. */
export interface Costs {
  /** Expected faults of the policy. */
  readonly faults: Rational;
  /** Faults of the rival: 0 or 1. */
  readonly rivalFaults: number;
  readonly eta0: number;
  readonly eta1: number;
}

export interface Move {
  readonly page: number;
  readonly bit: number;
  /** The page the rival evicts, or −1. */
  readonly evicted: number;
  readonly costs: Costs;
  readonly next: Position;
}

export class RivalGame {
  readonly model: PolicyModel;
  readonly capacity: number;
  readonly pageCount: number;
  private readonly bits: readonly number[];

  /**
   * @param capacity k, of the policy and of the rival
   * @param pageCount size of the universe, at least k + 1
   */
  constructor(model: PolicyModel, capacity: number, pageCount: number) {
    this.model = model;
    this.capacity = capacity;
    this.pageCount = pageCount;
    this.bits = model.usesBits ? [0, 1] : [0];
  }

  /** Both caches empty. */
  start(): Position {
    const { marks, shared } = this.model.start(this.pageCount);
    return { codes: marks.map((mark) => mark * RIVAL_STATES + OUTSIDE), shared };
  }

  /** Every move from a position, one for each class of pages that differ only by name. */
  moves({ codes, shared }: Position): Move[] {
    const state = { marks: codes.map((code) => Math.floor(code / RIVAL_STATES)), shared };
    const rival = codes.map((code) => code % RIVAL_STATES);
    const full = rival.filter((known) => known !== OUTSIDE).length === this.capacity;
    const classes = codes.flatMap((code, page) => (codes.indexOf(code) === page ? [page] : []));
    const moves: Move[] = [];
    for (const page of classes) {
      const victims =
        rival[page] === OUTSIDE && full ? classes.filter((other) => rival[other] !== OUTSIDE) : [-1];
      for (const bit of this.bits) {
        const served = this.model.serve(state, page, bit);
        for (const evicted of victims) {
          const costs = {
            faults: served.faults,
            rivalFaults: rival[page] === OUTSIDE ? 1 : 0,
            eta0: this.model.usesBits && evicted >= 0 && rival[evicted] === PENDING_0 ? 1 : 0,
            eta1: rival[page] === PENDING_1 ? 1 : 0,
          };
          moves.push({ page, bit, evicted, costs, next: follow(served.state, rival, page, bit, evicted) });
        }
      }
    }
    return moves;
  }

  /** The position after one given move, with pages as they are named in `position`. */
  play({ codes, shared }: Position, page: number, bit: number, evicted: number): Position {
    const state = { marks: codes.map((code) => Math.floor(code / RIVAL_STATES)), shared };
    const rival = codes.map((code) => code % RIVAL_STATES);
    return follow(this.model.serve(state, page, bit).state, rival, page, bit, evicted);
  }
}

function follow(
  state: PolicyState,
  rival: readonly number[],
  page: number,
  bit: number,
  evicted: number,
): Position {
  const codes = state.marks.map((mark, other) => {
    const known = other === page ? PENDING_0 + bit : other === evicted ? OUTSIDE : rival[other];
    return mark * RIVAL_STATES + known;
  });
  return { codes, shared: state.shared };
}

/** The representative of all positions that differ only by the names of pages. */
export function canonical({ codes, shared }: Position): Position {
  return { codes: [...codes].sort((a, b) => a - b), shared };
}

/** Equal for equal positions, and for no others. */
export function positionKey({ codes, shared }: Position): string {
  return String.fromCharCode(...codes) + shared;
}
