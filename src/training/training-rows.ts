import { nextRequests } from '../paging/belady.ts';
import { extendedDiscardLabels } from '../paging/labels.ts';
import type { Bits } from '../paging/policy.ts';
import { prefix } from '../paging/request-sequence.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';

/** What a predictor may learn from: block accesses whose label is already known, with their labels. */
export interface TrainingRows {
  /** Indices of block accesses, ascending. */
  readonly rows: Uint32Array;
  /** Extended discard labels of all accesses in the training part. */
  readonly labels: Bits;
}

/** Share of the reuse gaps bridged by Belady's rule that must fit between a row and the end of the training part. */
const SETTLED = 0.5;

/**
 * Labels the training part and nothing beyond it. Towards its end a page that has not come back yet looks like one that
 * never will; so the last stretch, as long as the median gap that Belady's rule bridges, is left out whole
 * (leaving out only the undecided rows would bias the rest towards `keep`). O(T log T).
 *
 * @param requests number of requests in the training part
 * @param capacity cache size in blocks for which the bit is to be true
 */
export function trainingRows(trace: ServingTrace, requests: number, capacity: number): TrainingRows {
  const accesses = trace.firstBlock[requests];
  const known = prefix(trace.blocks, accesses);
  const next = nextRequests(known);
  const labels = extendedDiscardLabels(known, capacity, next);
  const bridged: number[] = [];
  for (let i = 0; i < accesses; i++) if (labels[i] === 0) bridged.push(next[i] - i);
  bridged.sort((a, b) => a - b);
  const unsettled = bridged[Math.floor(SETTLED * bridged.length)] ?? 0;
  // A trace too short for that keeps half of its rows all the same.
  const end = Math.max(accesses - unsettled, Math.ceil(accesses / 2));
  return { rows: Uint32Array.from({ length: end }, (_, i) => i), labels };
}
