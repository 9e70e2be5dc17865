import type { IndexSet } from '../support/index-set.ts';

/**
 * What a policy is told with each request. `discard bit` and `phase bit` are 0 or 1 (`labels.ts` says what is true), `next arrival`
 * is the step of the page's next request, `cache state` the page that the predicted cache gives up at this step, or
 * `NO_PAGE`.
 */
export const PREDICTION_KINDS = [
  'nothing',
  'discard bit',
  'phase bit',
  'next arrival',
  'cache state',
] as const;

export type PredictionKind = (typeof PREDICTION_KINDS)[number];

/** Stands for the requested page where room is made with no request at hand. */
export const NO_PAGE = 0xffffffff;

/** Bits, packed as 0 and 1; elsewhere in the code a bit is the word `keep` or `discard`. */
export type Bits = Uint8Array;

/** One prediction per request; a policy that needs nothing is given zeros. */
export type Predictions = Uint8Array | Float64Array;

/**
 * A replacement policy: it keeps an order and names victims. The cache (`cache.ts`) owns residency, counts faults and
 * checks every victim; a policy never sees the future.
 *
 * A policy speaks of *slots*, the k places of the cache, numbered 0 … k − 1, so that its state is as large as the cache
 * and not as the universe; the same classes therefore serve a simulator and a manager whose universe has no bound.
 * Each request leads to exactly one of `hit` and `load`. Calls allocate nothing.
 */
export interface Policy {
  /** The page in `slot` was requested. */
  hit(slot: number, page: number, prediction: number): void;

  /** `page` was requested, was not resident, and now stands in `slot`, which was free. */
  load(slot: number, page: number, prediction: number): void;

  /**
   * No slot is free and `page` must be loaded: name the slot to empty. Naming changes no residency: `remove` follows.
   *
   * @param page the page to be loaded, or `NO_PAGE`
   * @param protectedSlots slots that must not be named; at least one occupied slot is outside
   */
  victim(page: number, prediction: number, protectedSlots: IndexSet): number;

  /** The page in `slot` leaves: as the named victim, or because the owner of the cache takes it away. */
  remove(slot: number, page: number): void;

  /**
   * Only for policies with discard bits: the bit that came with the latest request of `page` was 0 and has turned 1 since.
   *
   * @param slot where the page is, −1 if it is not resident
   */
  expire?(slot: number, page: number): void;

  /**
   * Only for policies that empty slots before they are needed: the next slot to empty now, or −1. Asked after every
   * request until it answers −1; `remove` follows each answer.
   *
   * @param protectedSlots slots that must not be named
   */
  leaving?(protectedSlots: IndexSet): number;

  /**
   * Checks the policy's own structures at the end of a run.
   *
   * @param occupied the slots in use
   * @throws Error if they disagree
   */
  audit?(occupied: IndexSet): void;
}
