import { nextRequests } from '../paging/belady.ts';
import { prefix } from '../paging/request-sequence.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';

/** What a predictor learns from: for each block access of the training part, when the block came back. */
export interface TrainingRows {
  /** Bounds of the spans of age in seconds, ascending from 0. */
  readonly ages: readonly number[];
  /** Accesses × spans, row-major: 1 where the block came back within the span, 0 where it did not, `UNKNOWN` elsewhere. */
  readonly outcomes: Int8Array;
  /**
   * How much each access counts: 1/√blocks of its request, whose blocks share one fate. With 1 the long requests of the
   * training part are learnt by heart; with 1/blocks they count too little for a cache that is paid by the block.
   */
  readonly weights: Float32Array;
}

/** The block came back before this span of its age, or the training part ends within it. */
export const UNKNOWN = -1;

/** Spans of age; an equal share of all returns falls into each. With 10 the ages of a large cache fall into two or three. */
const SPANS = 20;

/**
 * Outcomes of the training part and nothing beyond it. A block that has not come back when the part ends still tells
 * that it stayed away until then: its outcome is 0 in the spans it lived through and unknown in later ones, so that the
 * latest requests teach as much as they can without bias. O(T log T).
 *
 * @param requests number of requests in the training part
 * @param given bounds of the spans of age; chosen here if absent
 */
export function trainingRows(trace: ServingTrace, requests: number, given?: readonly number[]): TrainingRows {
  const accesses = trace.firstBlock[requests];
  const next = nextRequests(prefix(trace.blocks, accesses));
  const time = accessTimes(trace).subarray(0, accesses);
  const end = trace.time[requests - 1];
  const away = Float64Array.from(next, (step, i) =>
    step < accesses ? time[step] - time[i] : Number.POSITIVE_INFINITY,
  );
  const ages = given ?? spansOfAge(away.filter(Number.isFinite).sort());
  const weights = new Float32Array(accesses);
  for (let request = 0; request < requests; request++) {
    const [from, to] = [trace.firstBlock[request], trace.firstBlock[request + 1]];
    weights.fill(rowWeight(to - from), from, to);
  }
  return { ages, outcomes: outcomesOf(time, away, end, ages), weights };
}

/** How much an access counts whose request has so many blocks: see `TrainingRows`. */
export function rowWeight(blocks: number): number {
  return 1 / Math.sqrt(blocks);
}

/**
 * What is known of accesses at the time `end`: of a span nothing before it is over. O(accesses × spans).
 *
 * @param time of each access
 * @param away seconds until its block came back, infinite where it has not by then
 * @returns accesses × spans, as in `TrainingRows`
 */
export function outcomesOf(
  time: Float64Array,
  away: Float64Array,
  end: number,
  ages: readonly number[],
): Int8Array {
  const spans = ages.length - 1;
  const outcomes = new Int8Array(time.length * spans).fill(UNKNOWN);
  for (let i = 0; i < time.length; i++) {
    for (let span = 0; span < spans && (span === 0 || away[i] > ages[span]); span++) {
      if (time[i] + ages[span + 1] > end) break;
      outcomes[i * spans + span] = away[i] <= ages[span + 1] ? 1 : 0;
    }
  }
  return outcomes;
}

/** 0, quantiles of the times away, and the longest; just [0, 1] where no block came back. */
function spansOfAge(sorted: Float64Array): number[] {
  const ages = [0];
  for (let i = 1; i <= SPANS; i++) {
    const bound = sorted[Math.ceil((i * sorted.length) / SPANS) - 1] ?? 1;
    if (bound > (ages.at(-1) as number)) ages.push(bound);
  }
  return ages.length > 1 ? ages : [0, 1];
}
