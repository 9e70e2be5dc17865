/**
 * The guided search: hill climbing on the share of the bound that a policy uses, and on its ratio to OPT. It begins with random
 * requests to k + 1 or k + 2 pages and keeps every change of a page, of a prediction or of the length that leads no lower.
 */
import type { CatalogPolicy } from '../../paging/definition.ts';
import { SeededRandom } from '../../support/random.ts';
import { type Instance, makeInstance } from '../instance.ts';
import type { Finding, Law } from '../laws/law.ts';
import { damagedPredictions, randomPrediction } from '../predictions.ts';

const CAPACITIES = [2, 3, 4];
/** Two hills: where true predictions use up the bound, only the ratio leads on to others. */
const HILLS = ['load', 'ratio'] as const;

/**
 * @param examine holds the law to one instance
 * @returns an instance that breaks the law, or undefined
 */
export function climb(
  policy: CatalogPolicy,
  law: Law,
  examine: (instance: Instance) => Finding,
  seed: number,
): Instance | undefined {
  // The coins of a long run are too many to walk, and a sample would blur the hill.
  const [length, steps] = policy.randomised ? [13, 200] : [50, 500];
  const random = new SeededRandom(seed);
  for (const capacity of CAPACITIES) {
    for (const hill of HILLS) {
      let here = randomInstance(policy, law, capacity, length, random);
      let height = -1;
      for (let step = 0; step <= steps; step++) {
        const next = step === 0 ? here : neighbour(policy, here, length, random);
        const finding = examine(next);
        if (finding.complaint !== undefined) return next;
        const found = finding[hill] ?? 0;
        if (found < height) continue;
        height = found;
        here = next;
      }
    }
  }
  return undefined;
}

function randomInstance(
  { needs }: CatalogPolicy,
  { damages }: Law,
  capacity: number,
  length: number,
  random: SeededRandom,
): Instance {
  const pageCount = capacity + 1 + random.below(2);
  const { sequence, seed } = makeInstance(
    Array.from({ length }, () => random.below(pageCount)),
    capacity,
  );
  const damage = damages[random.below(damages.length)];
  return {
    sequence,
    capacity,
    seed,
    predictions: damagedPredictions(needs, damage, sequence, capacity, random),
  };
}

/** One change: another page, another prediction, a request less, or one more. */
function neighbour(
  { needs }: CatalogPolicy,
  instance: Instance,
  longest: number,
  random: SeededRandom,
): Instance {
  const { sequence, capacity, seed } = instance;
  const pages = [...sequence.pages];
  const predictions = [...instance.predictions];
  const step = random.below(pages.length);
  const page = random.below(capacity + 2);
  const prediction = randomPrediction(needs, sequence, random);
  const change = random.below(needs === 'nothing' ? 3 : 5);
  if (change === 1 && pages.length > capacity + 1) {
    pages.splice(step, 1);
    predictions.splice(step, 1);
  } else if (change === 2 && pages.length < longest) {
    pages.splice(step, 0, page);
    predictions.splice(step, 0, prediction);
  } else if (change <= 2) pages[step] = page;
  else predictions[step] = prediction;
  return makeInstance(pages, capacity, Float64Array.from(predictions), seed);
}
