import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';
import type { CatalogPolicy } from '../paging/definition.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { Failure } from '../support/failure.ts';
import { checkPredictions, type PredictionSource, parsePredictions } from './predictions.ts';

/** A declared experiment: what a sweep shall run, as it stands in a JSON file. */
export interface Experiment {
  /** Trace file, as seen from the experiment's own folder; the embedded trace if absent. */
  readonly trace: string | undefined;
  readonly policies: readonly CatalogPolicy[];
  /** Cache sizes in blocks. */
  readonly capacities: readonly number[];
  readonly predictions: readonly PredictionSource[];
  /** 1, 2, … up to the declared number of seeds. */
  readonly seeds: readonly number[];
  /** Share of the accesses, the first, that trains models and only warms the caches. 0 scores everything. */
  readonly trainFraction: number;
}

/** What may be declared, and what holds where it is not. */
const DEFAULTS = {
  trace: undefined,
  policies: ['lru', 'lazy-mark0'],
  capacities: undefined,
  predictions: ['perfect'],
  seeds: 1,
  trainFraction: undefined,
};

/**
 * Reads an experiment from a JSON file such as
 * `{"trace": "conversation.jsonl.gz", "policies": ["lru", "lazy-mark0"], "capacities": [1000, 5000], "predictions":
 * ["perfect", "flip:0.1"], "seeds": 5}`. Only `capacities` must be given.
 *
 * @throws Failure naming the file, the option and the remedy, also for an option that does not exist
 */
export function readExperiment(path: string): Experiment {
  const declared = { ...DEFAULTS, ...checkedOptions(parsed(path), path) };
  const option = <T>(
    name: keyof typeof DEFAULTS,
    holds: (value: unknown) => boolean,
    expected: string,
  ): T => {
    if (!holds(declared[name])) throw new Failure(`${path}: ${name} must be ${expected}`);
    return declared[name] as T;
  };
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
  const listOf = (holds: (value: unknown) => boolean) => (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.every(holds);
  const names = option<string[]>('policies', listOf(isText), 'a list of policies, for example ["lru"]');
  const texts = option<string[]>(
    'predictions',
    listOf(isText),
    'a list, for example ["perfect", "flip:0.1"]',
  );
  const seeds = option<number>('seeds', isCount, 'a number of seeds ≥ 1, for example 5');
  const policies = inFile(path, () => names.map(findPolicy));
  const predictions = inFile(path, () =>
    texts.map((text) => {
      const source = parsePredictions(text);
      checkPredictions(source, policies);
      return source;
    }),
  );
  const trained = predictions.some(({ kind }) => kind === 'train');
  const fraction = (value: unknown) =>
    value === undefined || (typeof value === 'number' && value >= 0 && value < 1 && (value > 0 || !trained));
  return {
    trace: option('trace', (value) => value === undefined || isText(value), 'the path of a trace'),
    policies,
    capacities: option('capacities', listOf(isCount), 'a list of cache sizes, for example [1000, 5000]'),
    predictions,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    trainFraction:
      option('trainFraction', fraction, 'a share below 1, and above 0 to train, for example 0.6') ??
      (trained ? 0.6 : 0),
  };
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path}: not JSON (${(error as Error).message}); correct it`);
  }
}

function checkedOptions(value: unknown, path: string): Partial<typeof DEFAULTS> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure(`${path}: an experiment is one JSON object, for example {"capacities": [1000]}`);
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(DEFAULTS, name)) continue;
    const nearest = Object.keys(DEFAULTS).sort((a, b) => distance(name, a) - distance(name, b))[0];
    throw new Failure(`${path}: there is no option “${name}”; did you mean ${nearest}?`);
  }
  return value;
}

/** Names the file in what a part of it is refused for. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${path}: ${error.message}`) : error;
  }
}
