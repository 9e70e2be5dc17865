import { Failure } from '../support/failure.ts';
import { requestCount, type ServingTrace } from './serving-trace.ts';

/**
 * Splits a trace by time, between two requests: how many requests lie wholly within the first `fraction` of all block
 * accesses. The rest is for scoring.
 *
 * @param fraction above 0 and below 1
 * @throws Failure if one of the parts would be empty
 */
export function splitRequests(trace: ServingTrace, fraction: number): number {
  const limit = Math.floor(fraction * trace.blocks.pages.length);
  let requests = 0;
  while (trace.firstBlock[requests + 1] <= limit) requests++;
  if (requests === 0 || requests === requestCount(trace)) {
    throw new Failure(
      `${trace.name}: a training part of ${fraction} leaves one part empty; choose --train-fraction between 0 and 1, for example .6`,
    );
  }
  return requests;
}
