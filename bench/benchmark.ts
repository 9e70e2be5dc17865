import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Measurement, Task } from './measure.ts';

export const POLICIES = ['lru', 'belady', 'lazy-mark0'];

export interface Benchmark {
  readonly rows: Measurement[];
  /** Of sizes and faults: the same on every machine. */
  readonly hash: string;
}

/** Measures every policy on Zipf(1.0) requests, one process after the other. */
export async function benchmark(size: Omit<Task, 'policy'>): Promise<Benchmark> {
  const rows: Measurement[] = [];
  for (const policy of POLICIES) rows.push(await inProcess({ policy, ...size }));
  const result = JSON.stringify([size.requests, size.pages, size.capacity, rows.map(({ faults }) => faults)]);
  return { rows, hash: createHash('sha256').update(result).digest('hex').slice(0, 16) };
}

function inProcess(task: Task): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./measure.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    });
    child.once('message', (measurement) => resolve(measurement as Measurement));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the measuring process ended with ${code}`)));
    child.send(task);
  });
}
