/** Bits for the block accesses of a workload. */
import { extendedDiscardLabels, phaseLabels } from '../../paging/labels.ts';
import type { Bits, PredictionKind } from '../../paging/policy.ts';
import { stepsInOrder, type Workload } from './workload.ts';

/**
 * True labels of the block accesses: those of one cache as large as all workers' together, closed so that of two blocks of one
 * path the tail is never kept for longer: each request has one cut point.
 *
 * @param order the requests as they arrive
 * @param capacity blocks of all workers together
 */
export function trueBits(
  { accesses, first }: Workload,
  order: Uint32Array,
  capacity: number,
  needs: PredictionKind,
): Bits {
  const steps = stepsInOrder(first, order);
  const pages = new Uint32Array(steps.length);
  steps.forEach((step, i) => {
    pages[step] = accesses.pages[i];
  });
  const sequence = { ...accesses, pages };
  const labels =
    needs === 'phase bit' ? phaseLabels(sequence, capacity) : extendedDiscardLabels(sequence, capacity);
  const bits = Uint8Array.from(steps, (step) => labels[step]);
  for (let r = 0; r + 1 < first.length; r++) {
    for (let i = first[r] + 1; i < first[r + 1]; i++) bits[i] |= bits[i - 1];
  }
  return bits;
}

/**
 * For each block access of a workload the access of the trace whose features stand for it: its own in a prompt; for the
 * blocks of an answer, of which nothing is known at the request, that of the last block of the prompt.
 */
export function featureRows({ accesses, first, promptBlocks, trace }: Workload): Uint32Array {
  const rows = new Uint32Array(accesses.pages.length);
  for (let r = 0; r + 1 < first.length; r++) {
    const last = Math.max(0, promptBlocks[r] - 1);
    for (let i = first[r]; i < first[r + 1]; i++) {
      rows[i] = trace.firstBlock[r] + Math.min(i - first[r], last);
    }
  }
  return rows;
}

/**
 * The bits with which `discard(lru)` is Tail-Optimised LRU (Zhang, Moallemi, Li and Peng, *Tail-optimized caching for LLM
 * inference*, arXiv 2510.15152): what the next turn can compute again within its latency target is given up first, and that
 * is the tail of each path. No prediction is involved. Departure: the length of the next message is taken as 0.
 *
 * @param spareTokens tokens that can be computed within the target
 */
export function tailBits({ accesses, first, blockTokens }: Workload, spareTokens: number): Bits {
  const spare = Math.floor(spareTokens / blockTokens);
  const bits = new Uint8Array(accesses.pages.length);
  for (let r = 0; r + 1 < first.length; r++) {
    bits.fill(1, Math.max(first[r], first[r + 1] - spare), first[r + 1]);
  }
  return bits;
}
