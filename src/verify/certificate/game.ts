/**
 * What a certificate explores: a finite game in which an adversary names requests and pays for them with an offline
 * schedule, while the policy serves them. The files beside this one are the games: against every lazy rival
 * (`rival-game`), against LFD alone (`lfd-game`), and with phase bits (`phase-game`).
 */
import type { Rational } from '../../support/rational.ts';
import type { PolicyModel } from './policy-model.ts';

/** A position of a game. */
export interface Position {
  /** One number a page: everything that is known of it. */
  readonly codes: readonly number[];
  /** The part of the policy's state that belongs to no page; does not begin with +. */
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
  readonly costs: Costs;
  /** With pages as they are named before the move. */
  readonly next: Position;
}

export interface Game {
  readonly model: PolicyModel;
  readonly capacity: number;
  readonly pageCount: number;
  /** Both caches empty. */
  start(): Position;
  /** Every move from a position, one for each class of pages that differ only by name. */
  moves(position: Position): Move[];
}

/** The representative of all positions that differ only by the names of pages. */
export function canonical({ codes, shared }: Position): Position {
  return { codes: [...codes].sort((a, b) => a - b), shared };
}

/** A character of a string holds 16 bits. */
const CHARACTER = 2 ** 16;

/** Equal for equal positions, and for no others. */
export function positionKey({ codes, shared }: Position): string {
  const key = String.fromCharCode(...codes);
  if (codes.every((code) => code < CHARACTER)) return key + shared;
  return `${key}+${codes.map((code) => Math.floor(code / CHARACTER))}+${shared}`;
}

/** The first page of each class of pages that differ only by name. */
export function classesOf(codes: readonly number[]): number[] {
  return codes.flatMap((code, page) => (codes.indexOf(code) === page ? [page] : []));
}
