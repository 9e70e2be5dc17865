import type { CatalogPolicy } from '../../paging/definition.ts';
import type { PredictionKind, Predictions } from '../../paging/policy.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
import { SeededRandom } from '../../support/random.ts';
import type { Instance } from '../instance.ts';
import { bitStrings, requestSequences } from '../instances.ts';
import type { Law } from '../laws/law.ts';
import { DAMAGES, damagedPredictions } from '../predictions.ts';

const PAGES = 4;
const CAPACITIES = [1, 2, 3];
const LENGTH = 7;
/** Seeds take turns: an exhaustive search over coins as well is the matter of exact expectations. */
const SEEDS = 16;

const BITS = Array.from({ length: LENGTH + 1 }, (_, length) => [...bitStrings(length)]);

/**
 * Every small instance, shorter ones first: up to 4 pages, k = 1, 2, 3, all sequences up to renaming the pages, with every string
 * of bits; of other kinds of predictions the true ones, and those damaged in each way.
 */
export function* smallInstances(policy: CatalogPolicy, law: Law): Generator<Instance> {
  const length = policy.needs === 'nothing' ? LENGTH : law.exhaustiveLength;
  let seed = 0;
  for (const sequence of requestSequences(PAGES, length))
    for (const capacity of CAPACITIES)
      for (const predictions of everyPrediction(policy.needs, sequence, capacity))
        yield { sequence, capacity, predictions, seed: seed++ % SEEDS };
}

function* everyPrediction(
  kind: PredictionKind,
  sequence: RequestSequence,
  capacity: number,
): Generator<Predictions> {
  const { length } = sequence.pages;
  if (kind === 'discard bit' || kind === 'phase bit') yield* BITS[length];
  else if (kind === 'nothing') yield new Uint8Array(length);
  else
    for (const damage of DAMAGES)
      yield damagedPredictions(kind, damage, sequence, capacity, new SeededRandom(length));
}
