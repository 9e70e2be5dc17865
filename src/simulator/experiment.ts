import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import type { CatalogPolicy } from '../paging/definition.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { Failure } from '../support/failure.ts';
import { importFile } from '../support/import-file.ts';
import { checkPredictions, isTrained, type PredictionSource, parsePredictions } from './predictions.ts';

/** What an experiment file declares, as plain data. Only `capacities` must be given. */
export interface ExperimentDeclaration {
  /** Trace files as seen from the experiment's own folder, or `embedded`, which is the default. */
  readonly trace?: string | readonly string[];
  /** How many serving requests of each trace to take, the first; all if absent. */
  readonly requests?: number;
  /** Policy expressions; `lru` and `lazy-mark0` if absent. */
  readonly policies?: readonly string[];
  /** Cache sizes: integers are blocks, numbers below 1 shares of a trace's distinct blocks. */
  readonly capacities: readonly number[];
  /** What policies that take predictions are given; `perfect` if absent. */
  readonly predictions?: readonly string[];
  /** How many seeds, 1, 2, …; 1 if absent. */
  readonly seeds?: number;
  /** Share of the accesses, the first, that trains models and only warms the caches. 0.6 to train, else 0. */
  readonly trainFraction?: number;
  /** What is different in a run of seconds, whose results are kept in `expected.json`. */
  readonly reduced?: Partial<Omit<ExperimentDeclaration, 'reduced'>>;
}

/** A declared experiment, checked. */
export interface Experiment {
  /** Paths of trace files; `undefined` is the embedded trace. */
  readonly traces: readonly (string | undefined)[];
  /** How many serving requests of each, the first; all if `undefined`. */
  readonly requests: number | undefined;
  readonly policies: readonly CatalogPolicy[];
  /** Cache sizes: integers are blocks, numbers below 1 shares of a trace's distinct blocks. */
  readonly capacities: readonly number[];
  readonly predictions: readonly PredictionSource[];
  /** 1, 2, … up to the declared number of seeds. */
  readonly seeds: readonly number[];
  /** Share of the accesses, the first, that trains models and only warms the caches. 0 scores everything. */
  readonly trainFraction: number;
}

/** What may be declared, and what holds where it is not. */
const DEFAULTS = {
  trace: 'embedded',
  requests: undefined,
  policies: ['lru', 'lazy-mark0'],
  capacities: undefined,
  predictions: ['perfect'],
  seeds: 1,
  trainFraction: undefined,
};

type Option = keyof typeof DEFAULTS;

/**
 * Reads an experiment from a JSON file such as
 * `{"trace": "conversation.jsonl.gz", "policies": ["lru", "lazy-mark0"], "capacities": [1000, 5000], "predictions":
 * ["perfect", "flip:0.1"], "seeds": 5}`, or from a TypeScript or JavaScript file that exports such data as default.
 *
 * @param reduced whether to take what `reduced` declares in place of the rest
 * @throws Failure naming the file, the option and the remedy, also for an option that does not exist
 */
export async function readExperiment(path: string, reduced = false): Promise<Experiment> {
  const value = /\.[cm]?[jt]s$/.test(path) ? (await importFile(path)).default : parsed(path);
  return checkExperiment(value, path, reduced);
}

/**
 * Checks a declaration.
 *
 * @param path of the file it comes from, for complaints, and for where its traces are
 * @throws Failure as `readExperiment`
 *
 * @example
 * checkExperiment({ capacities: [1000] }, 'experiment.ts').seeds; // [1]
 */
export function checkExperiment(value: unknown, path: string, reduced = false): Experiment {
  const { reduced: less = {}, ...rest } = checkedOptions(value, path, [...OPTIONS, 'reduced']);
  const smaller = checkedOptions(less, `${path}: reduced`, OPTIONS);
  if (reduced && Object.keys(smaller).length === 0)
    throw new Failure(`${path}: declares no reduced run; add an option “reduced” with what is less in it`);
  const declared: Record<Option, unknown> = { ...DEFAULTS, ...rest, ...(reduced && smaller) };
  const option = <T>(name: Option, holds: (value: unknown) => boolean, expected: string): T => {
    if (!holds(declared[name])) throw new Failure(`${path}: ${name} must be ${expected}`);
    return declared[name] as T;
  };
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
  const trained = predictions.some(isTrained);
  const fraction = (value: unknown) =>
    value === undefined || (typeof value === 'number' && value >= 0 && value < 1 && (value > 0 || !trained));
  const traces = option<string | string[]>(
    'trace',
    (value) => isText(value) || listOf(isText)(value),
    'the path of a trace, or a list of them',
  );
  return {
    traces: [traces].flat().map((file) => (file === 'embedded' ? undefined : resolve(dirname(path), file))),
    requests: option(
      'requests',
      (value) => value === undefined || isCount(value),
      'a number of requests ≥ 1',
    ),
    policies,
    capacities: option(
      'capacities',
      listOf((value) => isCount(value) || isShare(value)),
      'a list of cache sizes, in blocks or as shares below 1, for example [1000, 5000]',
    ),
    predictions,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    trainFraction:
      option('trainFraction', fraction, 'a share below 1, and above 0 to train, for example 0.6') ??
      (trained ? 0.6 : 0),
  };
}

/** The cache sizes of an experiment on a trace, in blocks. */
export function capacitiesOn(capacities: readonly number[], distinctBlocks: number): number[] {
  const sizes = capacities.map((size) => (size < 1 ? Math.max(1, Math.round(size * distinctBlocks)) : size));
  return [...new Set(sizes)];
}

const OPTIONS = Object.keys(DEFAULTS);

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const isShare = (value: unknown) => typeof value === 'number' && value > 0 && value < 1;
const listOf = (holds: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(holds);

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

function checkedOptions(value: unknown, path: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure(`${path}: an experiment is one object, for example {"capacities": [1000]}`);
  }
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const nearest = [...known].sort((a, b) => distance(name, a) - distance(name, b))[0];
    throw new Failure(`${path}: there is no option “${name}”; did you mean ${nearest}?`);
  }
  return { ...value };
}

/** Names the file in what a part of it is refused for. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Failure ? new Failure(`${path}: ${error.message}`) : error;
  }
}
