import { blockFeatures, FEATURE_NAMES, selectRows } from '../features/block-features.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { learnedDiscards } from '../predictors/learned-discards.ts';
import { type Model, readModel } from '../predictors/model.ts';
import type { PredictionSource } from '../simulator/predictions.ts';
import { assert, Failure } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import { accessTimes, type ServingTrace } from '../traces/serving-trace.ts';
import { splitRequests } from '../traces/split.ts';
import { judgement, learn } from './learn.ts';

/** What models say about a trace, and which part of it they may be scored on. */
export interface LearnedBits {
  /** For each access the page whose bit turns 1 just before it. */
  readonly learned?: (capacity: number, seed: number) => Uint32Array;
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
  { capacities, seeds, trainFraction, accesses }: Wanted,
): Promise<LearnedBits> {
  const [source, another] = sources.filter(({ kind }) => kind === 'train' || kind === 'model');
  if (another !== undefined) throw new Failure('predictions: only one of train and model:FILE at a time');
  if (source === undefined) return { evaluatedFrom: 0, notes: [] };
  const models = new Map<number, Model>();
  for (const seed of seeds) {
    const model =
      source.kind === 'model'
        ? readModel(source.file, FEATURE_NAMES)
        : await learn(trace, splitRequests(trace, trainFraction), capacities, seed);
    models.set(seed, model);
  }
  const own = blockFeatures(trace);
  const times = accessTimes(trace);
  const features = accesses === undefined ? own : selectRows(own, accesses.rows);
  const sequence = accesses?.sequence ?? trace.blocks;
  const time = accesses === undefined ? times : Float64Array.from(accesses.rows, (row) => times[row]);
  const bits = new Map(
    [...models].map(([seed, model]) => [seed, learnedDiscards(model, features, sequence, time)]),
  );
  const { trainedOn, backend } = [...models.values()][0].header;
  // Requests that the model was trained on are never scored.
  const seen = trainedOn.checksum === traceChecksum(trace) ? trainedOn.requests : 0;
  const judgements = [...new Set([...models.values()].map(judgement))];
  return {
    learned: (capacity, seed) => {
      const late = bits.get(seed);
      assert(late !== undefined, `there is no model of seed ${seed}`);
      return late(capacity);
    },
    evaluatedFrom: trace.firstBlock[seen],
    notes: [
      `Model trained on the first ${trainedOn.requests.toLocaleString('en')} serving requests of ${trainedOn.trace} ` +
        `(backend ${backend}); ${judgements.join('; another: ')}.`,
    ],
  };
}
