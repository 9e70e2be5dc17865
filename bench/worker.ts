/** A thread of the benchmark. One contestant has it to itself, so that what it calls stays monomorphic. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepare, type Setting } from './contestants.ts';

/** What the thread is told at its start. */
export interface Task {
  readonly name: string;
  /** Its arrays stand in shared memory. */
  readonly setting: Setting;
}

/** What it answers each time it is sent anything. */
export interface Round {
  readonly seconds: number;
  readonly faults: number;
}

const { name, setting } = workerData as Task;
parentPort?.on('message', () => {
  const timed = prepare(name, setting);
  const start = performance.now();
  const faults = timed();
  const seconds = (performance.now() - start) / 1000;
  parentPort?.postMessage({ seconds, faults } satisfies Round);
});
