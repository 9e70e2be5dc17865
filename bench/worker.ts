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
  /** Of each piece of the run, by the clock on the wall. */
  readonly pieces: Float64Array;
  /** Of the whole run, by the processor: without the time waited for one. */
  readonly seconds: number;
  readonly faults: number;
}

/** Short enough that many pieces run without being interrupted. */
const PIECE = 10_000;

const { name, setting } = workerData as Task;
const requests = setting.sequence.pages.length;
const piece = name in CURVES ? requests : PIECE;

/** Of all threads, of which only this one is at work. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

parentPort?.on('message', () => {
  const serve = prepare(name, setting);
  const pieces = new Float64Array(Math.ceil(requests / piece));
  let faults = 0;
  const begin = processorSeconds();
  for (let i = 0; i < pieces.length; i++) {
    const start = performance.now();
    faults += serve(i * piece, Math.min((i + 1) * piece, requests));
    pieces[i] = (performance.now() - start) / 1000;
  }
  const seconds = processorSeconds() - begin;
  parentPort?.postMessage({ pieces, seconds, faults } satisfies Round);
});
