/** How much faster a sweep is with two workers than with one. */
import { findPolicy } from '../src/policies/find-policy.ts';
import { parsePredictions } from '../src/simulator/predictions.ts';
import { type SweepOptions, sweep } from '../src/simulator/sweep.ts';
import { pageTrace } from '../src/traces/page-trace.ts';
import { zipfSequence } from '../src/traces/zipf.ts';
import type { Size } from './benchmark.ts';

export interface WorkersMeasurement {
  readonly requests: number;
  readonly cells: number;
  /** Seconds by the clock on the wall with one worker over those with two, the least of the rounds each. */
  readonly speedup: number;
  /**
   * Seconds of processor time with two over those with one: what they take from each other. Twice its inverse is the speedup
   * to be had on two idle cores, whatever else the machine is doing now.
   */
  readonly inflation: number;
}

const POLICIES = ['lru', 'random', 'marker', 'sieve', 'arc', 'slru', 'lfu', 'discard(lru)'];

/** Sweeps policies over five capacities, with one worker and with two in turn. */
export async function measureWorkers({
  requests,
  pages,
  capacity,
  rounds,
}: Size): Promise<WorkersMeasurement> {
  const blocks = zipfSequence(requests, pages, 1, 1);
  const comparison = {
    trace: pageTrace('zipf', blocks, new Float64Array(requests)),
    policies: POLICIES.map(findPolicy),
    capacities: [1, 2, 3, 4, 5].map((times) => times * capacity),
    predictions: [parsePredictions('perfect')],
    seeds: [1],
    evaluatedFrom: 0,
  };
  let cells = 0;
  const onFinished = (_done: number, all: number): void => {
    cells = all;
  };
  const [one, two] = [1, 2].map((workers) => ({ options: { workers, onFinished }, least: NOTHING_YET }));
  for (let round = 0; round < rounds; round++) {
    for (const side of [one, two]) {
      const { wall, processor } = await timed(() => drain(comparison, side.options));
      side.least = {
        wall: Math.min(side.least.wall, wall),
        processor: Math.min(side.least.processor, processor),
      };
    }
  }
  return {
    requests,
    cells,
    speedup: one.least.wall / two.least.wall,
    inflation: two.least.processor / one.least.processor,
  };
}

const NOTHING_YET = { wall: Number.POSITIVE_INFINITY, processor: Number.POSITIVE_INFINITY };

async function drain(comparison: Parameters<typeof sweep>[0], options: SweepOptions): Promise<void> {
  for await (const record of sweep(comparison, options)) {
    if ('failure' in record) throw new Error(record.failure);
  }
}

/** In seconds. */
async function timed(use: () => Promise<void>): Promise<{ wall: number; processor: number }> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await use();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
