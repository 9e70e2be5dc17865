import { FEATURE_NAMES } from '../features/block-features.ts';
import { type Model, readModel } from '../predictors/model.ts';
import type { PredictionSource } from '../simulator/predictions.ts';
import type { ModelShelf } from '../store/model-shelf.ts';
import { traceChecksum } from '../traces/checksum.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { learn } from './learn.ts';

/** The models a comparison asks for: one is trained for each seed, and judged at the capacities. */
export interface WantedModels {
  readonly capacities: readonly number[];
  readonly trainFraction: number;
  /** Models trained before; all are trained anew if absent. */
  readonly shelf?: ModelShelf | undefined;
}

/**
 * Makes the model of a source and a seed, each once: read from its file, or trained on the first part of the trace.
 *
 * @returns a function that throws a `Failure` for a model that does not fit
 */
export function modelMaker(
  trace: ServingTrace,
  { capacities, trainFraction, shelf }: WantedModels,
): (source: PredictionSource, seed: number) => Promise<Model> {
  const made = new Map<string | number, Model>();
  const trained = async (seed: number): Promise<Model> => {
    const requests = splitRequests(trace, trainFraction);
    const training = { trace: traceChecksum(trace), requests, capacities, seed };
    const known = shelf?.find(training);
    if (known !== undefined) return known;
    const model = await learn(trace, requests, capacities, seed);
    shelf?.keep(training, model);
    return model;
  };
  return async (source, seed) => {
    const file = 'file' in source ? source.file : undefined;
    const model =
      made.get(file ?? seed) ?? (file === undefined ? await trained(seed) : readModel(file, FEATURE_NAMES));
    made.set(file ?? seed, model);
    return model;
  };
}
