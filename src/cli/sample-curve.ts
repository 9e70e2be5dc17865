import { sampledFigure, sampledTable } from '../report/sampled-curve.ts';
import { spread } from '../simulator/curve.ts';
import {
  curveError,
  exactHitRatios,
  isComparable,
  sampledDistances,
  sampledRecords,
} from '../simulator/sampled-curve.ts';
import { Failure } from '../support/failure.ts';
import { streamPages } from '../traces/columnar.ts';
import { isColumnar } from '../traces/columnar-layout.ts';
import { headOf } from '../traces/content.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { readTrace } from '../traces/read-trace.ts';

const MOST_SAMPLED = 2 ** 23;

interface Request {
  readonly path: string | undefined;
  /** Most sampled pages. */
  readonly limit: number;
  readonly seed: number;
  readonly capacities: readonly number[] | undefined;
  readonly json: boolean;
  /** About how many capacities a table and a figure have. */
  readonly table: number;
  readonly figure: number;
}

/**
 * `onebit curve --sample`: LRU's curve from a sample of the pages; a columnar file is read piece by piece.
 *
 * @returns a function that draws the figure
 * @throws Failure for a sample that cannot be
 */
export function sampleCurve(request: Request): () => Promise<string> {
  const { path, limit, seed, capacities, json } = request;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_SAMPLED)
    throw new Failure(`--sample: must be an integer from 1 to ${MOST_SAMPLED} pages, for example 10000`);
  const { name, accesses, pageCount, chunks } = openPages(path);
  const samples = sampledDistances(chunks(), limit, pageCount, seed);
  const exact = isComparable(accesses, pageCount) ? exactHitRatios(chunks(), pageCount, accesses) : undefined;
  const last = Math.min(pageCount, Math.max(...samples.map(({ largestDistance }) => largestDistance)));
  const records = (chosen: readonly number[]) => sampledRecords(name, samples, exact, chosen);
  const rate = Math.min(...samples.map((sample) => sample.rate));
  const error = exact && curveError(samples, exact);
  const chosen = capacities ?? spread(last, json ? request.figure : request.table);
  if (json) for (const record of records(chosen)) console.log(JSON.stringify(record));
  else console.log(sampledTable(records(chosen), { count: samples.length, rate, error }));
  return () => sampledFigure(records(spread(last, request.figure)), { count: samples.length, rate, error });
}

/** The pages of a trace, in memory only if they cannot be read piece by piece. */
function openPages(path: string | undefined) {
  if (path !== undefined && isColumnar(headOf(path).head)) return streamPages(path);
  const { name, blocks } = path === undefined ? embeddedTrace() : readTrace(path);
  return {
    name,
    accesses: blocks.pages.length,
    pageCount: blocks.pageCount,
    chunks: () => [blocks.pages],
  };
}
