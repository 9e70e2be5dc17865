import type { Model } from '../predictors/model.ts';
import { formatPredictions, isLearned, type PredictionSource } from '../simulator/predictions.ts';
import { modelIdentity, onlineIdentity } from '../store/model-identity.ts';
import { assert } from '../support/failure.ts';
import { traceChecksum } from '../traces/checksum.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { judgement } from './learn.ts';
import { type BitsAt, ModelBits, type WantedAccesses } from './model-bits.ts';
import { modelMaker, type WantedModels } from './model-maker.ts';

/** What models say about a trace, as they are or learning on the way, and which part of it they may be scored on. */
export interface LearnedBits {
  /** Learns on the way what these cells need, which takes long; to be called before their bits are asked for. */
  readonly prepare: (cells: Iterable<Learnt>) => Promise<void>;
  /** For each access the page whose bit turns 1 just before it. */
  readonly learned: (capacity: number, seed: number, predictions: string) => Uint32Array;
  /** Names all that these bits depend on beside the trace. */
  readonly identity: (capacity: number, seed: number, predictions: string) => string;
  /** Index of the first block access that no model was trained on. */
  readonly evaluatedFrom: number;
  /** On which the models were trained; `null` without one. */
  readonly backend: string | null;
  /** Sentences about the models for a reader of the results. */
  readonly notes: readonly string[];
}

/** What tells learned bits from others. */
interface Learnt {
  /** As `formatPredictions` writes them. */
  readonly predictions: string;
  readonly seed: number;
}

interface Wanted extends WantedModels {
  readonly seeds: readonly number[];
  /** What bits are wanted for, where that is not the accesses of the trace. */
  readonly accesses?: WantedAccesses;
}

/**
 * The bits of models, read or trained now, one for each seed.
 *
 * @throws Failure for a model that does not fit
 */
export async function learnedBits(
  sources: readonly PredictionSource[],
  trace: ServingTrace,
  { seeds, accesses, ...wanted }: Wanted,
): Promise<LearnedBits> {
  const make = modelMaker(trace, wanted);
  const models = new Map<string, Model>();
  const notes = new Set<string>();
  for (const source of sources.filter(isLearned)) {
    const predictions = formatPredictions(source);
    for (const seed of seeds) models.set(key({ predictions, seed }), await make(source, seed));
    const own = seeds.map((seed) => modelOf({ predictions, seed }));
    notes.add(note(own));
    if (source.kind === 'online')
      notes.add(`${predictions}: it goes on learning from later requests, and its bits turn everywhere.`);
  }
  function modelOf(one: Learnt): Model {
    const model = models.get(key(one));
    assert(model !== undefined, `there is no model of ${key(one)}`);
    return model;
  }
  const checksum = traceChecksum(trace);
  // Requests that a model was trained on are never scored.
  const seen = ({ header: { trainedOn } }: Model) =>
    trainedOn.checksum === checksum ? trainedOn.requests : 0;
  const all = [...models.values()];
  const made = new Map<string, BitsAt>();
  let computing: ModelBits | undefined;
  const bits = () => (computing ??= new ModelBits(trace, accesses));
  return {
    prepare: async (cells) => {
      for (const cell of cells) {
        if (!isOnline(cell) || made.has(key(cell))) continue;
        const model = modelOf(cell);
        made.set(key(cell), await bits().online(model, seen(model), cell.seed));
      }
    },
    learned: (capacity, seed, predictions) => {
      const one = { predictions, seed };
      const known = made.get(key(one));
      assert(known !== undefined || !isOnline(one), `${key(one)} was not prepared`);
      const at = known ?? bits().still(modelOf(one));
      made.set(key(one), at);
      return at(capacity);
    },
    identity: (capacity, seed, predictions) => {
      const one = { predictions, seed };
      const model = modelOf(one);
      return isOnline(one) ? onlineIdentity(model, seen(model), seed) : modelIdentity(model, capacity);
    },
    evaluatedFrom: trace.firstBlock[Math.max(0, ...all.map(seen))],
    backend: all[0]?.header.backend ?? null,
    notes: [...notes],
  };
}

function key({ predictions, seed }: Learnt): string {
  return `${predictions}, seed ${seed}`;
}

function isOnline({ predictions }: Learnt): boolean {
  return predictions === 'online' || predictions.startsWith('online:');
}

/** How the models of one source, one for each seed, came about and what they are worth. */
function note(models: readonly Model[]): string {
  const { trainedOn, backend } = models[0].header;
  const judgements = [...new Set(models.map(judgement))];
  return (
    `Model trained on the first ${trainedOn.requests.toLocaleString('en')} serving requests of ${trainedOn.trace} ` +
    `(backend ${backend}); ${judgements.join('; another: ')}.`
  );
}
