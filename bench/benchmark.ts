import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { discardLabels } from '../src/paging/labels.ts';
import type { RequestSequence } from '../src/paging/request-sequence.ts';
import { zipfSequence } from '../src/traces/zipf.ts';
import { isPolicy, RIVALS, type Setting } from './contestants.ts';
import { type Footprint, footprint } from './footprint.ts';
import { IN_C, LibCacheSim } from './libcachesim.ts';
import type { Round, Task } from './worker.ts';

/** What is measured: Zipf(1.0) requests over some ranks. */
export interface Size {
  readonly requests: number;
  readonly pages: number;
  readonly capacity: number;
  /** Runs of each contestant. */
  readonly rounds: number;
}

/** The published setting, or a smaller one of the same shape. */
export function sizeFor(requests: number, rounds: number): Size {
  return { requests, pages: Math.floor(requests / 20), capacity: Math.floor(requests / 200), rounds };
}

export interface Measurement {
  readonly name: string;
  /** The same in all runs. */
  readonly faults: number;
  /**
   * Requests a second if every piece of the sequence takes the least time that it took in any run, or by the fastest run where
   * that is more: other programs can only slow a piece down, and rarely the same one in all runs.
   */
  readonly speed: number;
  /** Requests a second of processor time in the fastest whole run, and in the median one. */
  readonly fastestRun: number;
  readonly medianRun: number;
  readonly runs: number;
  /** None for what is no policy. */
  readonly memory: Footprint | undefined;
  /** Requests a second of processor time in the fastest run of libCacheSim, if it took part and has the policy. */
  readonly speedInC: number | undefined;
}

export interface Benchmark {
  readonly rows: Measurement[];
  /** Of sizes and of the policies' faults: the same on every machine. */
  readonly hash: string;
}

/** What `npm run bench` measures unless names are given. */
export const EVERYTHING: readonly string[] = [
  ...Object.keys(RIVALS),
  ...[
    'fifo',
    'lru',
    'clock',
    'random',
    'marker',
    'flush',
    'sieve',
    'lfu',
    's3-fifo',
    'arc',
    'two-queue',
    'slru',
  ],
  ...[
    'w-tinylfu',
    'lru-k',
    'lirs',
    'lecar',
    'hyperbolic',
    'online-min',
    'belady',
    'mark0',
    'lazy-mark0',
    'discard(lru)',
  ],
  'lru-distances',
];

/** The faults at every capacity, each beside a run at one. */
export const WHOLE_CURVES: readonly string[] = ['lru', 'lru-distances', 'belady', 'opt-distances'];

/** A contestant that has taken this long, in seconds, runs no more, so that a slow one does not hold up all others. */
const MOST_SECONDS = 20;

/**
 * Measures contestants in turn, round after round, so that a slow minute of the machine hits all alike. Each has a thread
 * of its own; only one runs at a time. Right after a policy that libCacheSim has, it runs too, if it takes part.
 *
 * @param names of policies, of `RIVALS` and of `CURVES`
 * @param report called after each run
 * @param withLibCacheSim whether it takes part; it must be installed
 */
export async function benchmark(
  size: Size,
  names: readonly string[],
  report: (done: number, name: string) => void = () => {},
  withLibCacheSim = false,
): Promise<Benchmark> {
  const setting = makeSetting(size);
  const libCacheSim = withLibCacheSim ? new LibCacheSim(setting.sequence) : undefined;
  const contestants: Contestant[] = names.map((name) => ({
    name,
    worker: start({ name, setting }),
    rounds: [],
    secondsInC: [],
  }));
  try {
    for (let round = 0; round < size.rounds; round++) {
      for (const [index, { name, worker, rounds, secondsInC }] of contestants.entries()) {
        report((round * names.length + index) / (size.rounds * names.length), name);
        if (sum(rounds.map(({ seconds }) => seconds)) < MOST_SECONDS) rounds.push(await run(worker));
        if (libCacheSim !== undefined && IN_C.includes(name) && sum(secondsInC) < MOST_SECONDS)
          secondsInC.push((await libCacheSim.run(name, size.capacity)).seconds);
      }
    }
  } finally {
    await Promise.all(contestants.map(({ worker }) => worker.terminate()));
    await libCacheSim?.close();
  }
  const rows = contestants.map((contestant) => summary(contestant, size));
  return { rows, hash: hashOf(size, rows) };
}

interface Contestant {
  readonly name: string;
  readonly worker: Worker;
  readonly rounds: Round[];
  readonly secondsInC: number[];
}

/** Starts a thread that reads TypeScript: with Node 20, tsx must be registered in each thread anew. */
function start(task: Task): Worker {
  const url = new URL('./worker.ts', import.meta.url);
  const code = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import('${url}'); })`;
  return new Worker(code, { eval: true, workerData: task });
}

async function run(worker: Worker): Promise<Round> {
  worker.postMessage('run');
  const [round] = await once(worker, 'message');
  return round as Round;
}

function summary({ name, rounds, secondsInC }: Contestant, { requests }: Size): Measurement {
  const seconds = rounds.map((round) => round.seconds).sort((a, b) => a - b);
  const pieces = rounds[0].pieces.map((_, i) => Math.min(...rounds.map((round) => round.pieces[i])));
  return {
    name,
    faults: rounds[0].faults,
    speed: requests / Math.min(sum(pieces), seconds[0]),
    fastestRun: requests / seconds[0],
    medianRun: requests / seconds[seconds.length >> 1],
    runs: rounds.length,
    memory: isPolicy(name) ? footprint(name) : undefined,
    speedInC: secondsInC.length === 0 ? undefined : requests / Math.min(...secondsInC),
  };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** The requests and their true labels, in memory that all threads share. */
export function makeSetting({ requests, pages, capacity }: Size): Setting {
  const made = zipfSequence(requests, pages, 1, 1);
  const shared = new Uint32Array(new SharedArrayBuffer(made.pages.byteLength));
  shared.set(made.pages);
  const sequence: RequestSequence = { pages: shared, pageCount: made.pageCount };
  const bits = new Uint8Array(new SharedArrayBuffer(requests));
  bits.set(discardLabels(sequence, capacity));
  return { sequence, capacity, bits };
}

function hashOf({ requests, pages, capacity }: Size, rows: Measurement[]): string {
  const faults = rows.filter(({ name }) => isPolicy(name)).map((row) => row.faults);
  const result = JSON.stringify([requests, pages, capacity, faults]);
  return createHash('sha256').update(result).digest('hex').slice(0, 16);
}
