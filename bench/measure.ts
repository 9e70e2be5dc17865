/** The inside of one process of the benchmark: a policy has it to itself, so that its calls stay monomorphic. */
import { Cache, discardLabels, findPolicy, SeededRandom } from '../src/index.ts';
import { zipfSequence } from '../src/traces/zipf.ts';

/** What the process is told. */
export interface Task {
  readonly policy: string;
  readonly requests: number;
  /** Ranks of the Zipf distribution. */
  readonly pages: number;
  readonly capacity: number;
  /** Runs of each policy; the median counts. */
  readonly runs: number;
}

/** What it answers. */
export interface Measurement {
  readonly policy: string;
  /** The same in all runs. */
  readonly faults: number;
  /** Median, requests a second. */
  readonly speed: number;
  /** Speed as a share of a bare loop over the trace that does nothing but look up where a page is. */
  readonly shareOfBareLoop: number;
}

function measure({ policy: name, requests, pages, capacity, runs }: Task): Measurement {
  const sequence = zipfSequence(requests, pages, 1, 1);
  const policy = findPolicy(name);
  const bits = policy.needs === 'discard bit' ? discardLabels(sequence, capacity) : undefined;
  let faults = 0;
  const seconds = medianSeconds(runs, () => {
    const run = { capacity, pageCount: sequence.pageCount, random: new SeededRandom(1), sequence };
    const cache = new Cache(capacity, sequence.pageCount, policy.create(run));
    return () => {
      faults = cache.serve(sequence, bits);
    };
  });
  const place = new Int32Array(sequence.pageCount);
  const bare = medianSeconds(runs, () => () => {
    for (let i = 0; i < requests; i++) place[sequence.pages[i]] ^= i;
  });
  return { policy: name, faults, speed: requests / seconds, shareOfBareLoop: bare / seconds };
}

/** @param prepare makes what is measured; its own time does not count */
function medianSeconds(runs: number, prepare: () => () => void): number {
  const seconds = Array.from({ length: runs }, () => {
    const work = prepare();
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

process.once('message', (task: Task) => {
  process.send?.(measure(task), () => process.disconnect());
});
