import { type Comparison, plan } from '../simulator/compare.ts';
import { capacitiesOn, type Experiment } from '../simulator/experiment.ts';
import type { FailedCell, ResultRecord } from '../simulator/result.ts';
import { type CellMemory, type RunCells, sweep } from '../simulator/sweep.ts';
import { ModelShelf } from '../store/model-shelf.ts';
import type { ResultStore } from '../store/result-store.ts';
import { storeMemory } from '../store/store-memory.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { embeddedTrace } from '../traces/embedded-trace.ts';
import { firstRequests } from '../traces/first-requests.ts';
import { readTrace } from '../traces/read-trace.ts';

import { splitRequests } from '../traces/split.ts';
import { learnedBits } from './learned-bits.ts';

/** How the part of an experiment that is about one trace is run. */
export interface TraceSweep {
  readonly workers: number;
  /** Where finished cells and trained models are kept; nothing is kept if absent. */
  readonly store:
    | { readonly cells: ResultStore; readonly folder: string; readonly resume: boolean }
    | undefined;
  /** Runs the cells elsewhere than on threads of this process. */
  readonly elsewhere: ((comparison: Comparison) => RunCells) | undefined;
  readonly signal: AbortSignal;
  readonly onRecord: (record: ResultRecord | FailedCell) => void;
  readonly onFinished: (finished: number, all: number) => void;
}

/** What was run on one trace. */
export interface SweptTrace {
  readonly name: string;
  /** `traceChecksum` */
  readonly checksum: string;
  readonly blockAccesses: number;
  /** Cells that the store had. */
  readonly remembered: number;
  /** Backend of TensorFlow.js on which its models were trained; `null` without one. */
  readonly backend: string | null;
  /** Sentences about the models for a reader of the results. */
  readonly notes: readonly string[];
}

/** Runs the part of an experiment that is about one trace. */
export async function sweepTrace(
  path: string | undefined,
  experiment: Experiment,
  { workers, store, elsewhere, signal, onRecord, onFinished }: TraceSweep,
): Promise<SweptTrace> {
  const whole = path === undefined ? embeddedTrace() : readTrace(path);
  const trace = experiment.requests === undefined ? whole : firstRequests(whole, experiment.requests);
  const { policies, predictions, seeds, trainFraction } = experiment;
  const capacities = capacitiesOn(experiment.capacities, trace.blocks.pageCount);
  const shelf = store?.resume === true ? new ModelShelf(`${store.folder}/models`) : undefined;
  const bits = await learnedBits(predictions, trace, { capacities, seeds, trainFraction, shelf });
  const { notes, identity, backend, learned } = bits;
  const warmed = trainFraction === 0 ? 0 : trace.firstBlock[splitRequests(trace, trainFraction)];
  const evaluatedFrom = Math.max(bits.evaluatedFrom, warmed);
  const context = {
    trace: traceChecksum(trace),
    traceName: trace.name,
    evaluatedFrom,
    requests: trace.blocks.pages.length - evaluatedFrom,
    model: identity,
  };
  const memory = store && storeMemory(store.cells, context, store.resume);
  let remembered = 0;
  const counting: CellMemory | undefined = memory && {
    ...memory,
    find: (cell) => {
      const found = memory.find(cell);
      if (found !== undefined) remembered++;
      return found;
    },
  };
  const comparison = { trace, policies, capacities, predictions, seeds, learned, evaluatedFrom };
  await bits.prepare(plan(comparison).filter((cell) => memory?.find(cell) === undefined));
  const run = elsewhere?.(comparison);
  const options = { workers, signal, onFinished, ...(counting && { memory: counting }), ...(run && { run }) };
  for await (const record of sweep(comparison, options)) onRecord(record);
  return {
    name: trace.name,
    checksum: context.trace,
    blockAccesses: trace.blocks.pages.length,
    remembered,
    backend,
    notes,
  };
}
