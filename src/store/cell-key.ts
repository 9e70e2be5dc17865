/** What a cell's result depends on, in a form in which configurations that do the same are equal. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { ALIASES, CATALOG } from '../policies/catalog.ts';
import { formatPolicy, type PolicyDescription, parsePolicy } from '../policies/description.ts';
import { findPolicy } from '../policies/find-policy.ts';
import type { Cell } from '../simulator/cell.ts';
import {
  formatPredictions,
  isLearned,
  isRandom,
  type PredictionSource,
  parsePredictions,
} from '../simulator/predictions.ts';
import { sourceFingerprint } from '../support/source-fingerprint.ts';
import { CATALOG_MODULE, policyModules } from './policy-modules.ts';

/** All that decides what a cell comes to. */
export interface CellIdentity {
  /** `traceChecksum` of the trace. */
  readonly trace: string;
  /** Index of the first scored request. */
  readonly evaluatedFrom: number;
  /** The policy as `canonicalPolicy` writes it. */
  readonly policy: string;
  readonly capacity: number;
  /** The predictions as `canonicalPredictions` writes them, or `none`. */
  readonly predictions: string;
  /** Which model the bits come from (`learnedIdentity`); `null` without one. */
  readonly model: string | null;
  /** `null` where nothing is random. */
  readonly seed: number | null;
  /** Fingerprint of the code that runs the cell. */
  readonly source: string;
}

/** What the cells of one comparison have in common. */
export interface KeyContext {
  /** `traceChecksum` of the trace. */
  readonly trace: string;
  readonly evaluatedFrom: number;
  /** Names the model behind the bits of a capacity, a seed and predictions; needed where `isLearned`. */
  readonly model?: (capacity: number, seed: number, predictions: string) => string;
}

/**
 * The identity of a cell. Two cells that are certain to come to the same have the same: parameters may be reordered or
 * left at their defaults, policies called by an alias, seeds differ where nothing is random.
 *
 * @throws Failure for a cell that names an unknown policy or unknown predictions
 */
export function cellIdentity(cell: Cell, { trace, evaluatedFrom, model }: KeyContext): CellIdentity {
  const { randomised } = findPolicy(cell.policy);
  const source = cell.predictions === 'none' ? undefined : parsePredictions(cell.predictions);
  const learned = source !== undefined && isLearned(source);
  const seeded = randomised || (source !== undefined && !learned && isRandom(canonicalSource(source)));
  const description = canonicalDescription(parsePolicy(cell.policy));
  return {
    trace,
    evaluatedFrom,
    policy: formatPolicy(description),
    capacity: cell.capacity,
    predictions: source === undefined ? 'none' : canonicalPredictions(source),
    model: learned ? (model?.(cell.capacity, cell.seed, cell.predictions) ?? null) : null,
    seed: seeded ? cell.seed : null,
    source: cellSource(description),
  };
}

/** The key of a cell in a store: 32 hexadecimal digits of SHA-256. */
export function cellKey(identity: CellIdentity): string {
  const { trace, evaluatedFrom, policy, capacity, predictions, model, seed, source } = identity;
  const canonical = [trace, evaluatedFrom, policy, capacity, predictions, model, seed, source];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 32);
}

/**
 * Writes a policy without aliases and with every parameter spelt out in alphabetical order.
 *
 * @example
 * canonicalPolicy('lazy-mark0'); // 'discard(marker)'
 * canonicalPolicy('lru-k') === canonicalPolicy('lru-k(k=2)'); // true
 */
export function canonicalPolicy(policy: string): string {
  return formatPolicy(canonicalDescription(parsePolicy(policy)));
}

/**
 * Writes a policy as a reader would: by its alias if it has one, and without the parameters that are at their defaults.
 *
 * @example
 * shortPolicy('switch(discard(marker),lru-k(k=2),margin=500)'); // 'switch(lazy-mark0,lru-k)'
 */
export function shortPolicy(policy: string): string {
  return formatPolicy(shortDescription(parsePolicy(policy)));
}

function shortDescription({ name, policies, parameters }: PolicyDescription): PolicyDescription {
  const defaults = CATALOG[name]?.parameters;
  const changed = Object.entries(parameters).filter(([parameter, value]) => value !== defaults?.[parameter]);
  const plain = { name, policies: policies.map(shortDescription), parameters: Object.fromEntries(changed) };
  // Another name of a single policy is no shorter.
  const alias = Object.keys(ALIASES).find(
    (alias) => policies.length > 0 && ALIASES[alias] === formatPolicy(plain),
  );
  if (alias !== undefined) return parsePolicy(alias);
  return plain;
}

function canonicalDescription(description: PolicyDescription): PolicyDescription {
  const { name, policies, parameters } = description;
  if (Object.hasOwn(ALIASES, name)) return canonicalDescription(parsePolicy(ALIASES[name]));
  return {
    name,
    policies: policies.map(canonicalDescription),
    parameters: { ...CATALOG[name]?.parameters, ...parameters },
  };
}

/**
 * Writes predictions with every parameter spelt out, and damage of probability 0 as none; of those that are learnt only how,
 * since the model has an identity of its own.
 */
export function canonicalPredictions(source: PredictionSource): string {
  if (isLearned(source)) return source.kind === 'online' ? 'online' : 'model';
  return formatPredictions(canonicalSource(source));
}

function canonicalSource(source: PredictionSource): PredictionSource {
  return 'probability' in source && source.probability === 0 ? { kind: 'perfect' } : source;
}

/** The code that runs any cell, whatever its policy. */
const RUNNER = new URL(`../simulator/cell${extname(import.meta.url)}`, import.meta.url);

/** The fingerprint of the code that runs a policy: the simulator, and of all policies only those in the expression. */
function cellSource(description: PolicyDescription): string {
  // Predicted cache states are those of a cache that follows predicted arrivals.
  const names = new Set(['follow-the-prediction']);
  const collect = ({ name, policies }: PolicyDescription): void => {
    names.add(name);
    policies.forEach(collect);
  };
  collect(description);
  return sourceFingerprint([RUNNER, ...[...names].flatMap(policyModules)], [CATALOG_MODULE]);
}
