import { Failure } from '../../support/failure.ts';
import { canonical, type Game } from './game.ts';
import type { PolicyState } from './policy-model.ts';

/** Most memory for the graph, in bytes. */
const LARGEST_MEMORY = 3 * 2 ** 30;

/** Measured: a position with its key and its place in the table; a move. */
const BYTES_PER_POSITION = 500;
const BYTES_PER_MOVE = 6;

/** The bound on positions was up to 150 times what is reached, so it decides alone only where it is far too large. */
const SLACK = 150;

/** Counting positions ends here. */
const ENOUGH = 1e12;

/** Most states of a policy whose states may have no end. */
const MOST_BELIEFS = 3_000;

/** How many positions fit in memory. */
export function mostPositions(game: Game): number {
  return Math.floor(LARGEST_MEMORY / bytesPerPosition(game));
}

/**
 * Refuses a game whose graph cannot fit in memory, before a long exploration.
 *
 * @param title the game in words, for the message
 * @throws Failure with the estimate, or where the policy's states may have no end
 */
export function refuseTooLarge(game: Game, title: string): void {
  const positions = estimatePositions(game);
  if (positions === Number.POSITIVE_INFINITY) {
    throw new Failure(
      `${title}: more than ${MOST_BELIEFS.toLocaleString('en-US')} distributions of the policy's state over its coins, ` +
        'perhaps without end; take a smaller --k or --pages',
    );
  }
  if (positions > SLACK * mostPositions(game)) throw tooLarge(game, title, positions);
}

/** @param positions how many there may be, or have been met */
export function tooLarge(game: Game, title: string, positions: number): Failure {
  const gibibytes = (positions * bytesPerPosition(game)) / 2 ** 30;
  return new Failure(
    `${title}: about ${positions.toPrecision(2)} positions, ${gibibytes.toPrecision(2)} GiB of memory, ` +
      `where ${LARGEST_MEMORY / 2 ** 30} GiB is the most; take a smaller --k or --pages`,
  );
}

/** A full rival can evict any of k pages at each request to one of the others. */
function bytesPerPosition({ model, capacity, pageCount }: Game): number {
  const moves = (model.needs === 'nothing' ? 1 : 2) * (capacity + (pageCount - capacity) * capacity);
  return BYTES_PER_POSITION + moves * BYTES_PER_MOVE;
}

/**
 * An upper bound on the positions in which the rival's cache is full: for every state of the policy, the ways, up to the names of pages, in which the rival can hold k pages with any pending bits. The few positions on the
 * way there are left out. Counting ends once there are far too many; infinite where the policy's states may have no end. O(states of the policy · pages²).
 */
export function estimatePositions(game: Game): number {
  const { model, capacity, pageCount } = game;
  const bits = model.needs === 'nothing' ? 1 : 2;
  // Pending phase bits are part of the marks.
  const kinds = model.needs === 'discard bit' ? 2 : 1;
  const key = ({ marks, shared }: PolicyState) => String.fromCharCode(...marks) + shared;
  const sorted = ({ marks, shared }: PolicyState): PolicyState => {
    const { codes } = canonical({ codes: marks, shared });
    return { marks: codes, shared };
  };
  const states = [sorted(model.start(pageCount))];
  const seen = new Set([key(states[0])]);
  let positions = 0;
  // The loop also reaches the states it appends.
  for (const state of states) {
    positions += rivalsBeside(state.marks, capacity, kinds);
    if (positions > ENOUGH) break;
    if (model.mayBeInfinite && states.length > MOST_BELIEFS) return Number.POSITIVE_INFINITY;
    state.marks.forEach((mark, page) => {
      if (state.marks.indexOf(mark) !== page) return;
      for (let bit = 0; bit < bits; bit++) {
        const next = sorted(model.serve(state, page, bit).state);
        if (seen.has(key(next))) continue;
        seen.add(key(next));
        states.push(next);
      }
    });
  }
  return positions;
}

/**
 * The number of ways to put `capacity` of the pages into the rival's cache, each there with one of `kinds` pending bits,
 * where pages with equal marks are interchangeable: a coefficient of a product of polynomials, one for each mark.
 */
function rivalsBeside(marks: readonly number[], capacity: number, kinds: number): number {
  let ways = [1];
  for (const mark of new Set(marks)) {
    const size = marks.filter((other) => other === mark).length;
    const product = new Array(Math.min(ways.length + size, capacity + 1)).fill(0);
    ways.forEach((count, held) => {
      // Holding `more` of these pages: any number of them with pending bit 1, if there are bits.
      for (let more = 0; more <= size && held + more <= capacity; more++)
        product[held + more] += count * (kinds === 1 ? 1 : more + 1);
    });
    ways = product;
  }
  return ways[capacity] ?? 0;
}
