import { createHash, type Hash } from 'node:crypto';
import { extname } from 'node:path';
import { judgementAt } from '../predictors/judgement.ts';
import type { Model } from '../predictors/model.ts';
import { sourceFingerprint } from '../support/source-fingerprint.ts';

const module = (path: string) => new URL(`../${path}${extname(import.meta.url)}`, import.meta.url);

const known = new WeakMap<Model, string>();

/**
 * Names the bits that a model gives to a trace at a capacity: equal for equal weights, wherever their file lies and whoever
 * trained them, and for all models that do not pay there, whose bits stay 0.
 *
 * @returns 16 hexadecimal digits, or `keep`
 */
export function modelIdentity(model: Model, capacity: number): string {
  if (!judgementAt(model, capacity).pays) return 'keep';
  const before = known.get(model);
  if (before !== undefined) return before;
  const hash = hashOf(model);
  hash.update(sourceFingerprint([module('features/block-features'), module('predictors/learned-discards')]));
  const identity = hash.digest('hex').slice(0, 16);
  known.set(model, identity);
  return identity;
}

/**
 * Names the bits that a model which keeps learning gives to a trace.
 *
 * @param requests at the start of the trace that it was trained on
 * @param seed of what is random in learning
 * @returns 16 hexadecimal digits
 */
export function onlineIdentity(model: Model, requests: number, seed: number): string {
  const hash = hashOf(model).update(JSON.stringify([requests, seed]));
  hash.update(sourceFingerprint([module('training/learn-online'), module('predictors/shadow-cache')]));
  return hash.digest('hex').slice(0, 16);
}

function hashOf({ header: { ages, features, layers: outputs }, layers }: Model): Hash {
  const hash = createHash('sha256').update(JSON.stringify({ ages, features, layers: outputs }));
  for (const { kernel, bias } of layers)
    for (const { buffer, byteOffset, byteLength } of [kernel, bias])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash;
}
