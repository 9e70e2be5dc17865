import { createHash } from 'node:crypto';
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
  const { ages, features, layers } = model.header;
  const hash = createHash('sha256').update(JSON.stringify({ ages, features, layers }));
  for (const { kernel, bias } of model.layers)
    for (const { buffer, byteOffset, byteLength } of [kernel, bias])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  hash.update(sourceFingerprint([module('features/block-features'), module('predictors/learned-discards')]));
  const identity = hash.digest('hex').slice(0, 16);
  known.set(model, identity);
  return identity;
}
