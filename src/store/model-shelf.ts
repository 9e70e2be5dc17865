import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { FEATURE_NAMES } from '../features/block-features.ts';
import { type Model, readModel, writeModel } from '../predictors/model.ts';
import { Failure } from '../support/failure.ts';
import { sourceFingerprint } from '../support/source-fingerprint.ts';
import { CATALOG_MODULE, policyModules } from './policy-modules.ts';

/** What a trained model depends on. */
export interface Training {
  /** `traceChecksum` of the trace. */
  readonly trace: string;
  /** How many of its requests, the first, it is trained on. */
  readonly requests: number;
  /** At which it is judged. */
  readonly capacities: readonly number[];
  readonly seed: number;
}

/** Trained models in a folder, one file each, so that none is trained twice. Any number of processes may share it. */
export class ModelShelf {
  private readonly folder: string;

  /** @param folder need not exist */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** The model trained so before; `undefined` if there is none, or its file is damaged. */
  find(training: Training): Model | undefined {
    const path = this.path(training);
    if (!existsSync(path)) return undefined;
    try {
      return readModel(path, FEATURE_NAMES);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** @throws Failure if the folder cannot be written to */
  keep(training: Training, model: Model): void {
    writeModel(this.path(training), model);
  }

  private path({ trace, requests, capacities, seed }: Training): string {
    const judged = [...new Set(capacities)].sort((a, b) => a - b);
    const parts = [trace, requests, judged, seed, trainingSource()];
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
    return join(this.folder, `${key}.onebit`);
  }
}

/** The fingerprint of the code that trains, and of the policy whose faults judge a model. */
function trainingSource(): string {
  const module = (path: string) => new URL(`../${path}${extname(import.meta.url)}`, import.meta.url);
  const judge = ['discard', 'lru'].flatMap(policyModules);
  return sourceFingerprint(
    [module('training/train'), module('simulator/simulate'), ...judge],
    [CATALOG_MODULE],
  );
}
