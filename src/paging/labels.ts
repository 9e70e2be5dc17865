/** True one-bit labels of a request sequence (*Paging with Succinct Predictions*, ICML 2023). */
import { Belady, nextRequests } from './belady.ts';
import { Cache } from './cache.ts';
import { phases } from './phases.ts';
import type { Bits } from './policy.ts';
import type { RequestSequence } from './request-sequence.ts';

/** Belady's rule that writes a 1 to the latest request of each page it evicts. */
class LabellingBelady extends Belady {
  private readonly labels: Bits;
  private readonly latest: Uint32Array;

  constructor(capacity: number, sequence: RequestSequence, next: Uint32Array, labels: Bits) {
    super(capacity, sequence, next);
    this.labels = labels;
    this.latest = new Uint32Array(capacity);
  }

  override hit(slot: number, page: number, prediction: number): void {
    this.latest[slot] = this.step;
    super.hit(slot, page, prediction);
  }

  override load(slot: number, page: number, prediction: number): void {
    this.latest[slot] = this.step;
    super.load(slot, page, prediction);
  }

  override remove(slot: number, page: number): void {
    this.labels[this.latest[slot]] = 1;
    super.remove(slot, page);
  }
}

/**
 * Discard labels: 1 where Belady's rule evicts the page before its next request, 0 where it keeps it. One lazy run of
 * Belady's rule, O(T log₃₂ T).
 *
 * @param capacity k, a positive integer
 * @param next `nextRequests(sequence)`, where the caller has it already
 *
 * @example
 * discardLabels({ pages: Uint32Array.of(0, 1, 0), pageCount: 2 }, 1); // Uint8Array [1, 1, 0]
 */
export function discardLabels(
  sequence: RequestSequence,
  capacity: number,
  next = nextRequests(sequence),
): Bits {
  const labels = new Uint8Array(sequence.pages.length);
  const policy = new LabellingBelady(capacity, sequence, next, labels);
  new Cache(capacity, sequence.pageCount, policy).serve(sequence);
  return labels;
}

/**
 * Extended discard labels: also 1 where the page never comes back, which Belady's rule leaves open while it has room.
 * Such a page is never charged for being discarded, so every bound of the one-bit policies holds with the errors
 * counted on these labels, and they say more to a learner.
 */
export function extendedDiscardLabels(
  sequence: RequestSequence,
  capacity: number,
  next = nextRequests(sequence),
): Bits {
  const labels = discardLabels(sequence, capacity, next);
  for (let i = 0; i < labels.length; i++) if (next[i] === next.length) labels[i] = 1;
  return labels;
}

/**
 * Phase labels: 1 where the page is not requested in the next k-phase, 0 where it is. O(T).
 *
 * @param capacity k, a positive integer
 */
export function phaseLabels(sequence: RequestSequence, capacity: number): Bits {
  const { pages, pageCount } = sequence;
  const phase = phases(sequence, capacity);
  const labels = new Uint8Array(pages.length);
  // Walking backwards: the phase of the page's following request, and the label given there.
  const followingPhase = new Int32Array(pageCount).fill(-1);
  const followingLabel = new Uint8Array(pageCount);
  for (let i = pages.length - 1; i >= 0; i--) {
    const page = pages[i];
    if (followingPhase[page] !== phase[i]) {
      followingLabel[page] = followingPhase[page] === phase[i] + 1 ? 0 : 1;
      followingPhase[page] = phase[i];
    }
    labels[i] = followingLabel[page];
  }
  return labels;
}
