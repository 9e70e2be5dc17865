import { blockFeatures, FEATURE_NAMES, selectRows } from '../features/block-features.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { learnedDiscards } from '../predictors/learned-discards.ts';
import { type Model, readModel } from '../predictors/model.ts';
import type { PredictionSource } from '../simulator/predictions.ts';
import type { ModelShelf } from '../store/model-shelf.ts';
import { assert, Failure } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { judgement, learn } from './learn.ts';

/** What models say about a trace, and which part of it they may be scored on. */
export interface LearnedBits {
  /** For each access the page whose bit turns 1 just before it. */
  readonly learned?: (capacity: number, seed: number) => Uint32Array;
  /** The model of a seed. */
  readonly model?: (seed: number) => Model;
  /** Index of the first block access that no model has seen. */
  readonly evaluatedFrom: number;
  /** Sentences about the models for a reader of the results. */
  readonly notes: readonly string[];
}

/** The models a comparison asks for: one is trained for each seed, and judged at the capacities. */
export interface Wanted {
  readonly capacities: readonly number[];
  readonly seeds: readonly number[];
  readonly trainFraction: number;
  /** Models trained before; all are trained anew if absent. */
  readonly shelf?: ModelShelf | undefined;
  /** What bits are wanted for, where that is not the accesses of the trace: each with the access whose features it has. */
  readonly accesses?: {
    readonly sequence: RequestSequence;
    readonly rows: Uint32Array;
  };
}

/**
 * The bits of a model, read or trained now.
 *
 * @throws Failure for more than one source of learned bits, or a model that does not fit
 */
export async function learnedBits(
  sources: readonly PredictionSource[],
  trace: ServingTrace,
  { capacities, seeds, trainFraction, shelf, accesses }: Wanted,
): Promise<LearnedBits> {
  const [source, another] = sources.filter(({ kind }) => kind === 'train' || kind === 'model');
  if (another !== undefined) throw new Failure('predictions: only one of train and model:FILE at a time');
  if (source === undefined) return { evaluatedFrom: 0, notes: [] };
  const models = new Map<number, Model>();
  const checksum = traceChecksum(trace);
  for (const seed of source.kind === 'model' ? seeds.slice(0, 1) : seeds) {
    models.set(seed, source.kind === 'model' ? readModel(source.file, FEATURE_NAMES) : await trained(seed));
  }
  async function trained(seed: number): Promise<Model> {
    const requests = splitRequests(trace, trainFraction);
    const training = { trace: checksum, requests, capacities, seed };
    const known = shelf?.find(training);
    if (known !== undefined) return known;
    const model = await learn(trace, requests, capacities, seed);
    shelf?.keep(training, model);
    return model;
  }
  const model = (seed: number): Model => {
    const found = models.get(source.kind === 'model' ? seeds[0] : seed);
    assert(found !== undefined, `there is no model of seed ${seed}`);
    return found;
  };
  // Nothing is computed for a model before its bits are asked for.
  const inputs = once(() => {
    const own = blockFeatures(trace);
    const times = accessTimes(trace);
    return accesses === undefined
      ? { features: own, sequence: trace.blocks, time: times }
      : {
          features: selectRows(own, accesses.rows),
          sequence: accesses.sequence,
          time: Float64Array.from(accesses.rows, (row) => times[row]),
        };
  });
  const bits = new Map<Model, (capacity: number) => Uint32Array>();
  const { trainedOn, backend } = [...models.values()][0].header;
  // Requests that the model was trained on are never scored.
  const seen = trainedOn.checksum === checksum ? trainedOn.requests : 0;
  const judgements = [...new Set([...models.values()].map(judgement))];
  return {
    learned: (capacity, seed) => {
      const one = model(seed);
      const { features, sequence, time } = inputs();
      const late = bits.get(one) ?? learnedDiscards(one, features, sequence, time);
      bits.set(one, late);
      return late(capacity);
    },
    model,
    evaluatedFrom: trace.firstBlock[seen],
    notes: [
      `Model trained on the first ${trainedOn.requests.toLocaleString('en')} serving requests of ${trainedOn.trace} ` +
        `(backend ${backend}); ${judgements.join('; another: ')}.`,
    ],
  };
}

/** Computes a value when it is first asked for. */
function once<T>(compute: () => T): () => T {
  let value: { readonly computed: T } | undefined;
  return () => {
    value ??= { computed: compute() };
    return value.computed;
  };
}
