/** A thread of the benchmark. One contestant has it to itself, so that what it calls stays monomorphic. */
import { parentPort, workerData } from 'node:worker_threads';
import { CURVES, prepare, type Setting } from './contestants.ts';

/** What the thread is told at its start. */
export interface Task {
  readonly name: string;
  /** Its arrays stand in shared memory. */
  readonly setting: Setting;
}

/** What it answers each time it is sent anything: one run. */
export interface Round {
  /** Of each piece of the run. */
  readonly seconds: Float64Array;
  readonly faults: number;
}

/** Short enough that many pieces run without being interrupted. */
const PIECE = 10_000;

const { name, setting } = workerData as Task;
const requests = setting.sequence.pages.length;
const piece = name in CURVES ? requests : PIECE;
// One long piece would be interrupted in every run, so there the time waited for a processor is left out.
const now = name in CURVES ? processorSeconds : () => performance.now() / 1000;

/** Of all threads, of which only this one is at work. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

parentPort?.on('message', () => {
  const serve = prepare(name, setting);
  const seconds = new Float64Array(Math.ceil(requests / piece));
  let faults = 0;
  for (let i = 0; i < seconds.length; i++) {
    const start = now();
    faults += serve(i * piece, Math.min((i + 1) * piece, requests));
    seconds[i] = now() - start;
  }
  parentPort?.postMessage({ seconds, faults } satisfies Round);
});
