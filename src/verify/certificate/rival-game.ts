/**
 * The game between a policy and an adversary who also steers an offline *rival*: in each move the adversary names a page
 * and its discard bit and, where the rival faults with a full cache, the page the rival evicts. The rival is any lazy
 * offline schedule; the optimum is one of them. A pending bit, the newest of a page in the rival's cache, resolves as with
 * true labels, with the rival in LFD's place: a 0 was wrong when the rival evicts the page, a 1 when the page is asked
 * again while the rival still has it.
 */
import { type Costs, classesOf, type Game, type Move, type Position } from './game.ts';
import type { PolicyModel, PolicyState } from './policy-model.ts';

/** What the rival knows of a page. The pending bit of a page that it does not hold is resolved already. */
export const OUTSIDE = 0;
const PENDING_0 = 1;
const PENDING_1 = 2;
export const RIVAL_STATES = 3;

/** A move with the page the rival evicts, −1 for none. */
export interface RivalMove extends Move {
  readonly evicted: number;
}

/** Codes are three times the page's mark in the policy's state, plus what the rival knows of it. */
export class RivalGame implements Game {
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
    this.bits = model.needs === 'nothing' ? [0] : [0, 1];
  }

  start(): Position {
    const { marks, shared } = this.model.start(this.pageCount);
    return { codes: marks.map((mark) => mark * RIVAL_STATES + OUTSIDE), shared };
  }

  moves({ codes, shared }: Position): Move[] {
    const classes = classesOf(codes);
    return this.movesAmong({ codes, shared }, classes, classes);
  }

  /** The moves in which the requested page and the evicted one are among those given. */
  movesAmong(
    { codes, shared }: Position,
    requested: readonly number[],
    evictable: readonly number[],
  ): RivalMove[] {
    const state = { marks: codes.map((code) => Math.floor(code / RIVAL_STATES)), shared };
    const rival = codes.map((code) => code % RIVAL_STATES);
    const full = rival.filter((known) => known !== OUTSIDE).length === this.capacity;
    const moves: RivalMove[] = [];
    for (const page of requested) {
      const victims =
        rival[page] === OUTSIDE && full ? evictable.filter((other) => rival[other] !== OUTSIDE) : [-1];
      for (const bit of this.bits) {
        const served = this.model.serve(state, page, bit);
        for (const evicted of victims) {
          const costs: Costs = {
            faults: served.faults,
            rivalFaults: rival[page] === OUTSIDE ? 1 : 0,
            eta0: this.model.needs !== 'nothing' && evicted >= 0 && rival[evicted] === PENDING_0 ? 1 : 0,
            eta1: rival[page] === PENDING_1 ? 1 : 0,
          };
          moves.push({ page, bit, evicted, costs, next: follow(served.state, rival, page, bit, evicted) });
        }
      }
    }
    return moves;
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
