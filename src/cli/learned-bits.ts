import { blockFeatures, FEATURE_NAMES } from '../features/block-features.ts';
import type { Bits } from '../paging/policy.ts';
import { Kernel } from '../predictors/kernel.ts';
import { readModel } from '../predictors/model.ts';
import type { PredictionSource } from '../simulator/predictions.ts';
import { Failure } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { learn } from './learn.ts';

/** What models say about a trace, and which part of it they may be scored on. */
export interface LearnedBits {
  readonly learned?: (capacity: number, seed: number) => Bits;
  /** Index of the first block access that no model has seen. */
  readonly evaluatedFrom: number;
  /** Sentences about the models for a reader of the results. */
  readonly notes: readonly string[];
}

/** The models a comparison asks for: one is trained for each capacity and seed. */
export interface Wanted {
  readonly capacities: readonly number[];
  readonly seeds: readonly number[];
  readonly trainFraction: number;
}

/**
 * The bits of a model, read or trained now.
 *
 * @throws Failure for more than one source of learned bits, or a model that does not fit
 */
export async function learnedBits(
  sources: readonly PredictionSource[],
  trace: ServingTrace,
  wanted: Wanted,
): Promise<LearnedBits> {
  const [source, another] = sources.filter(({ kind }) => kind === 'train' || kind === 'model');
  if (another !== undefined) throw new Failure('predictions: only one of train and model:FILE at a time');
  if (source?.kind === 'model') return readBits(source.file, trace);
  if (source?.kind === 'train') return trainBits(trace, wanted);
  return { evaluatedFrom: 0, notes: [] };
}

function readBits(file: string, trace: ServingTrace): LearnedBits {
  const model = readModel(file, FEATURE_NAMES);
  const bits = new Kernel(model).bits(blockFeatures(trace).values);
  const { trainedOn, capacity } = model.header;
  // Requests that the model was trained on are never scored.
  const seen = trainedOn.checksum === traceChecksum(trace) ? trainedOn.requests : 0;
  return {
    learned: () => bits,
    evaluatedFrom: trace.firstBlock[seen],
    notes: [
      `Model trained on ${trainedOn.requests.toLocaleString('en')} serving requests of ${trainedOn.trace} for ${capacity.toLocaleString('en')} blocks.`,
    ],
  };
}

async function trainBits(
  trace: ServingTrace,
  { capacities, seeds, trainFraction }: Wanted,
): Promise<LearnedBits> {
  const requests = splitRequests(trace, trainFraction);
  const features = blockFeatures(trace).values;
  const bits = new Map<string, Bits>();
  const thresholds: string[] = [];
  let backend = '';
  for (const capacity of capacities) {
    for (const seed of seeds) {
      const model = await learn(trace, requests, capacity, seed);
      bits.set(`${capacity} ${seed}`, new Kernel(model).bits(features));
      backend = model.header.backend;
      thresholds.push(`${model.header.threshold} at ${capacity.toLocaleString('en')} blocks`);
    }
  }
  return {
    learned: (capacity, seed) => bits.get(`${capacity} ${seed}`) as Bits,
    evaluatedFrom: trace.firstBlock[requests],
    notes: [
      `Trained on the first ${requests.toLocaleString('en')} serving requests, before the scored part ` +
        `(backend ${backend}); threshold ${thresholds.join(', ')}.`,
    ],
  };
}
