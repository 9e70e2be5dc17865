/**
 * The game with phase bits. Their labels come from the partition into k-phases and not from a schedule: a bit is resolved when its
 * page is asked in the next phase (a 1 was wrong) or that phase ends without (a 0 was wrong). The rival's faults
 * are those of any lazy offline schedule, and its choices change no label, so the best of them is the optimum.
 *
 * A page is asked once a phase. For a marking policy that loses nothing: asking it again is a hit for the policy, changes
 * neither the partition nor any label, and only the newest bit of a page is used, in the next phase; so leaving
 * out all but the last bit takes no fault from the policy and adds nothing to the rival's faults, η0 or η1.
 */
import { classesOf, type Game, type Move, type Position } from './game.ts';
import type { PolicyModel } from './policy-model.ts';

/** What the partition says of a page: asked neither in this phase nor in the one before, or its newest bit. */
const LONG_AGO = 0;
const NOW = 1;
const BEFORE = 3;
const PHASE_STATES = 5;

/** Codes are ten times the page's mark in the policy's state, plus twice its phase state, plus 1 if the rival holds it. */
export class PhaseGame implements Game {
  readonly model: PolicyModel;
  readonly capacity: number;
  readonly pageCount: number;

  constructor(model: PolicyModel, capacity: number, pageCount: number) {
    this.model = model;
    this.capacity = capacity;
    this.pageCount = pageCount;
  }

  start(): Position {
    const { marks, shared } = this.model.start(this.pageCount);
    return { codes: marks.map((mark) => mark * 2 * PHASE_STATES), shared };
  }

  moves({ codes, shared }: Position): Move[] {
    const state = { marks: codes.map((code) => Math.floor(code / (2 * PHASE_STATES))), shared };
    const phase = codes.map((code) => Math.floor(code / 2) % PHASE_STATES);
    const held = codes.map((code) => code % 2 === 1);
    const full = held.filter((isHeld) => isHeld).length === this.capacity;
    const phaseEnds = phase.filter(isNow).length === this.capacity;
    const moves: Move[] = [];
    for (const page of classesOf(codes)) {
      if (isNow(phase[page])) continue;
      const before = phaseEnds ? phase.map(aged) : phase;
      const eta0 = phaseEnds ? phase.filter((state) => state === BEFORE).length : 0;
      const eta1 = before[page] === BEFORE + 1 ? 1 : 0;
      const victims = held[page] || !full ? [-1] : classesOf(codes).filter((other) => held[other]);
      for (const bit of [0, 1]) {
        const served = this.model.serve(state, page, bit);
        for (const evicted of victims) {
          const next = served.state.marks.map((mark, other) => {
            const known = other === page ? NOW + bit : before[other];
            const isHeld = other === page || (held[other] && other !== evicted);
            return (mark * PHASE_STATES + known) * 2 + (isHeld ? 1 : 0);
          });
          moves.push({
            page,
            bit,
            costs: { faults: served.faults, rivalFaults: held[page] ? 0 : 1, eta0, eta1 },
            next: { codes: next, shared: served.state.shared },
          });
        }
      }
    }
    return moves;
  }
}

function isNow(state: number): boolean {
  return state === NOW || state === NOW + 1;
}

/** What a new phase makes of a page's state. */
function aged(state: number): number {
  return isNow(state) ? state - NOW + BEFORE : LONG_AGO;
}
