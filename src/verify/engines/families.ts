/**
 * The families behind the lower bounds (docs/certificates.md, section 4): k + 1 pages, made for the policy where it is deterministic, by
 * Yao's principle where not.
 */
import type { CatalogPolicy } from '../../paging/definition.ts';
import { SeededRandom } from '../../support/random.ts';
import { type Instance, makeInstance } from '../instance.ts';
import { startCache } from '../laws/law.ts';

const CAPACITIES = [1, 2, 3, 4, 8];
/** Long enough, for these capacities, that a ratio half a fault too small shows beside the first k faults. */
const REQUESTS_PER_SLOT = 150;
const SEED = 1;

/** The families: for each k with predictions that are all 0, and all 1. */
export function* families(policy: CatalogPolicy): Generator<Instance> {
  for (const capacity of CAPACITIES) {
    for (const prediction of policy.needs === 'nothing' ? [0] : [0, 1]) {
      const length = REQUESTS_PER_SLOT * capacity;
      const predictions = new Uint8Array(length).fill(prediction);
      const pages = policy.randomised
        ? uniformRequests(capacity, length)
        : missingPages(policy, capacity, predictions);
      yield makeInstance(pages, capacity, predictions, SEED);
    }
  }
}

/**
 * What the cruel adversary asks for: k + 1 pages, always one that a deterministic policy does not hold, so that each request is a
 * fault.
 */
export function missingPages(policy: CatalogPolicy, capacity: number, predictions: Uint8Array): Uint32Array {
  const pages = new Uint32Array(predictions.length);
  const sequence = { pages, pageCount: capacity + 1 };
  const cache = startCache(policy, { sequence, capacity, predictions, seed: SEED });
  pages.forEach((_, step) => {
    pages[step] = cache.slotOf.indexOf(-1);
    cache.request(pages[step], predictions[step]);
  });
  return pages;
}

function uniformRequests(capacity: number, length: number): Uint32Array {
  const random = new SeededRandom(SEED);
  return Uint32Array.from({ length }, () => random.below(capacity + 1));
}
