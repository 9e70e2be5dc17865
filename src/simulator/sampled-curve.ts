import { assert } from '../support/failure.ts';
import { streamedStackDistances } from './lru-stack-distances.ts';
import type { SampledCurveRecord } from './result.ts';
import { SampledDistances } from './sampled-distances.ts';

/** Samples by different hashes whose mean is the estimate and whose spread tells its error. */
export const SAMPLES = 5;
/** A trace up to so many pages and requests is compared with its exact curve. */
const MOST_COMPARED_PAGES = 2 ** 22;
const MOST_COMPARED_REQUESTS = 2 ** 26;

/** LRU's hit ratio estimated from samples at one capacity. */
export interface Estimate {
  readonly hitRatio: number;
  /** Of the mean of the samples. */
  readonly standardError: number;
}

/** How far an estimated curve is from the exact one, in hits / requests. */
export interface CurveError {
  /** Mean of the absolute errors at all capacities from 1 to the last at which the exact curve changes. */
  readonly mean: number;
  readonly largest: number;
  /** Where it is largest. */
  readonly capacity: number;
  /** The largest at capacities of at least as many pages as a sampled page stands for; 0 if the curve ends below. */
  readonly resolved: number;
}

/**
 * Estimates LRU's hit ratios at every capacity in one pass over requests that need not be in memory together.
 *
 * @param chunks at least one request, in chunks that may use the same memory
 * @param limit most pages that each sample holds, 1 … 2²³
 * @param pageCount pages are 0 … pageCount − 1
 * @param seed of the samples' hashes
 */
export function sampledDistances(
  chunks: Iterable<Uint32Array>,
  limit: number,
  pageCount: number,
  seed: number,
): SampledDistances[] {
  const samples = Array.from(
    { length: SAMPLES },
    (_, i) => new SampledDistances(limit, pageCount, SAMPLES * seed + i),
  );
  for (const pages of chunks) for (const sample of samples) sample.serve(pages);
  return samples;
}

/** The mean of samples of the same requests at some capacities, ascending. */
export function estimates(samples: readonly SampledDistances[], capacities: ArrayLike<number>): Estimate[] {
  const { requests } = samples[0];
  const count = samples.length;
  const hits = samples.map((sample) => sample.hits(capacities));
  return Array.from(meanHits(samples, capacities), (mean, i) => {
    const squares = hits.reduce((sum, found) => sum + (found[i] - mean) ** 2, 0);
    return {
      hitRatio: mean / requests,
      standardError: Math.sqrt(squares / (count - 1) / count) / requests,
    };
  });
}

function meanHits(samples: readonly SampledDistances[], capacities: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(capacities.length);
  for (const sample of samples) {
    const hits = sample.hits(capacities);
    for (let i = 0; i < sum.length; i++) sum[i] += hits[i];
  }
  return sum.map((hits) => hits / samples.length);
}

/** Whether the exact curve takes little enough memory and time to be computed beside an estimate. */
export function isComparable(requests: number, pageCount: number): boolean {
  return pageCount <= MOST_COMPARED_PAGES && requests <= MOST_COMPARED_REQUESTS;
}

/** Exact hit ratios at capacity 0 … pageCount, in one pass. */
export function exactHitRatios(chunks: Iterable<Uint32Array>, pageCount: number, requests: number) {
  let hits = 0;
  return Float64Array.from(streamedStackDistances(chunks, pageCount), (count) => {
    hits += count;
    return hits / requests;
  });
}

/** @param exact hit ratios at capacity 0, 1, … of the same requests; at least of 0 and 1 */
export function curveError(samples: readonly SampledDistances[], exact: Float64Array): CurveError {
  assert(exact.length > 1, 'an exact curve of at least one page');
  const last = Math.max(1, exact.indexOf(exact[exact.length - 1]));
  const capacities = Uint32Array.from({ length: last }, (_, i) => i + 1);
  const resolution = 1 / Math.min(...samples.map(({ rate }) => rate));
  let [sum, largest, capacity, resolved] = [0, -1, 1, 0];
  meanHits(samples, capacities).forEach((hits, i) => {
    const error = Math.abs(hits / samples[0].requests - exact[i + 1]);
    sum += error;
    if (error > largest) [largest, capacity] = [error, i + 1];
    if (i + 1 >= resolution) resolved = Math.max(resolved, error);
  });
  return { mean: sum / last, largest, capacity, resolved };
}

/** Records of an estimated curve at some capacities, ascending; `exact` as for `curveError`, or undefined if not known. */
export function sampledRecords(
  trace: string,
  samples: readonly SampledDistances[],
  exact: Float64Array | undefined,
  capacities: readonly number[],
): SampledCurveRecord[] {
  const { requests } = samples[0];
  return estimates(samples, capacities).map(({ hitRatio, standardError }, i) => ({
    trace,
    capacity: capacities[i],
    requests,
    lruHitRatio: hitRatio,
    standardError,
    exactHitRatio: exact === undefined ? null : exact[Math.min(capacities[i], exact.length - 1)],
  }));
}
