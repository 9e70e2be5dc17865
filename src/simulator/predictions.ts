/** The predictions of an experiment as plain data: read, written, and checked against what policies need. */
import type { CatalogPolicy } from '../paging/definition.ts';
import type { PredictionKind } from '../paging/policy.ts';
import { Failure } from '../support/failure.ts';

/** Where predictions come from, as plain data; each source gives some kinds of them (`GIVES`). */
export type PredictionSource =
  | { readonly kind: 'perfect' | 'inverted' | 'random' | 'train' | 'popularity' | 'pleco' }
  | { readonly kind: 'flip' | 'flip-requests' | 'adversarial'; readonly probability: number }
  | { readonly kind: 'bursts'; readonly probability: number; readonly length: number }
  | { readonly kind: 'noise'; readonly sigma: number }
  | { readonly kind: 'model'; readonly file: string }
  /** A model that keeps learning on the way: trained as by `train`, or from a file. */
  | { readonly kind: 'online'; readonly file?: string };

const PLAIN = ['perfect', 'inverted', 'random', 'train', 'popularity', 'pleco'] as const;

/** Sources of bits that are written with the share of wrong bits after a colon. */
const SHARES = ['flip', 'flip-requests', 'adversarial'] as const;

/** Mean length of a burst where none is given. */
const BURST_LENGTH = 100;

const BITS: readonly PredictionKind[] = ['discard bit', 'phase bit'];

/** Next arrivals, and the states of the cache that follows them. */
const ARRIVALS: readonly PredictionKind[] = ['next arrival', 'cache state'];

/** The kinds of predictions that each source can give. */
const GIVES: Readonly<Record<PredictionSource['kind'], readonly PredictionKind[]>> = {
  perfect: [...BITS, ...ARRIVALS],
  inverted: [...BITS, ...ARRIVALS],
  random: [...BITS, ...ARRIVALS],
  flip: BITS,
  'flip-requests': BITS,
  bursts: BITS,
  adversarial: BITS,
  train: ['discard bit'],
  model: ['discard bit'],
  online: ['discard bit'],
  noise: ARRIVALS,
  popularity: ARRIVALS,
  pleco: ARRIVALS,
};

/** For the remedy of a refusal: sources that do give a kind. */
const INSTEAD: Readonly<Partial<Record<PredictionKind, string>>> = {
  'discard bit': 'perfect, flip:P, model:FILE, train or online',
  'phase bit': 'perfect or flip:P',
  'next arrival': 'perfect, noise:SIGMA, popularity or pleco',
  'cache state': 'perfect, noise:SIGMA, popularity or pleco',
};

/**
 * Reads `perfect`, `inverted`, `random`, `flip:P`, `flip-requests:P`, `bursts:P`, `bursts:P:LENGTH`, `adversarial:P`,
 * `noise:SIGMA`, `popularity`, `pleco`, `model:FILE`, `train`, `online` or `online:FILE`.
 *
 * @throws Failure for anything else, a probability outside 0 … 1, a burst shorter than 1, or a negative σ
 */
export function parsePredictions(text: string): PredictionSource {
  const plain = PLAIN.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  if (text === 'online') return { kind: text };
  const [kind, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  const share = SHARES.find((one) => one === kind);
  if (share !== undefined) return { kind: share, probability: parseProbability(text, rest, `${share}:0.1`) };
  if (kind === 'bursts') {
    const [probability, length, ...others] = rest.split(':');
    const mean = length === undefined ? BURST_LENGTH : length === '' ? Number.NaN : Number(length);
    if (others.length > 0 || !(mean >= 1 && mean < Infinity)) {
      throw new Failure(
        `predictions “${text}”: a burst has a mean length of 1 or more, for example bursts:0.1:50`,
      );
    }
    return { kind, probability: parseProbability(text, probability, 'bursts:0.1'), length: mean };
  }
  if (kind === 'noise') {
    const sigma = Number(rest);
    if (rest !== '' && sigma >= 0 && sigma < Infinity) return { kind, sigma };
    throw new Failure(`predictions “${text}”: σ must be a number ≥ 0, for example noise:5`);
  }
  if ((kind === 'model' || kind === 'online') && rest !== '') return { kind, file: rest };
  throw new Failure(
    `unknown predictions “${text}”; use ${PLAIN.join(', ')}, flip:P, flip-requests:P, bursts:P:LENGTH, ` +
      'adversarial:P, noise:SIGMA, model:FILE, online or online:FILE, for example flip:0.1',
  );
}

function parseProbability(text: string, number: string, example: string): number {
  const probability = Number(number);
  if (number !== '' && probability >= 0 && probability <= 1) return probability;
  throw new Failure(`predictions “${text}”: the probability must be between 0 and 1, for example ${example}`);
}

/**
 * Takes several sources apart that have commas between them, and `none`. What does not begin as a source does belongs to the path
 * of the model file before it.
 */
export function splitSources(text: string): string[] {
  const texts: string[] = [];
  for (const part of text.split(',')) {
    const [kind] = part.trim().split(':');
    const begins = kind === 'none' || Object.hasOwn(GIVES, kind);
    if (begins || !/^\s*(model|online):/.test(texts.at(-1) ?? '')) texts.push(part);
    else texts.push(`${texts.pop()},${part}`);
  }
  return texts.map((one) => one.trim());
}

/** Reads several sources with commas between them. @throws Failure as `parsePredictions` */
export function parseSources(text: string): PredictionSource[] {
  return splitSources(text).map(parsePredictions);
}

/** Writes a source the way `parsePredictions` reads it. */
export function formatPredictions(source: PredictionSource): string {
  if (source.kind === 'bursts') return `bursts:${source.probability}:${source.length}`;
  if ('probability' in source) return `${source.kind}:${source.probability}`;
  if (source.kind === 'noise') return `noise:${source.sigma}`;
  if ('file' in source) return `${source.kind}:${source.file}`;
  return source.kind;
}

/** Whether the bits of a source come from a model: trained on the first part of the trace, or read from a file. */
export function isLearned(source: PredictionSource): boolean {
  return isTrained(source) || 'file' in source;
}

/** Whether a model is trained on the first part of the trace. */
export function isTrained(source: PredictionSource): boolean {
  return source.kind === 'train' || (source.kind === 'online' && source.file === undefined);
}

/** Whether a source draws on the seed, by noise or by training. */
export function isRandom({ kind }: PredictionSource): boolean {
  return !['perfect', 'inverted', 'popularity', 'pleco', 'model'].includes(kind);
}

/** The sources and the inverted bits, the worst that are thinkable, which every one is shown beside. */
export function withInverted(sources: readonly PredictionSource[]): readonly PredictionSource[] {
  return sources.some(({ kind }) => kind === 'inverted') ? sources : [...sources, { kind: 'inverted' }];
}

/** Whether a policy takes discard or phase bits. */
export function takesBits({ needs }: CatalogPolicy): boolean {
  return BITS.includes(needs);
}

/**
 * Refuses a source that cannot give a policy what it needs, before anything is run.
 *
 * @throws Failure naming the policy and the remedy
 */
export function checkPredictions(source: PredictionSource, policies: readonly CatalogPolicy[]): void {
  for (const { name, needs } of policies) {
    if (needs === 'nothing' || GIVES[source.kind].includes(needs)) continue;
    const instead = INSTEAD[needs];
    throw new Failure(
      `${name} needs ${needs}s, but predictions “${formatPredictions(source)}” cannot give them; leave it out` +
        (instead === undefined ? '' : ` or use --predictions ${instead}`),
    );
  }
}
