/** Random instances for fast-check, which shrinks them: short hard ones, and long ones with the structure of real requests. */
import fc from 'fast-check';
import type { CatalogPolicy } from '../../paging/definition.ts';
import { SeededRandom } from '../../support/random.ts';
import { type Instance, makeInstance } from '../instance.ts';
import type { Law } from '../laws/law.ts';
import { damagedPredictions } from '../predictions.ts';

/** A stretch of requests to `width` pages from `first` on. */
interface Segment {
  readonly kind: 'loop' | 'scan' | 'uniform' | 'skewed';
  readonly first: number;
  readonly width: number;
  readonly length: number;
}

const LARGEST_CACHE = 5;
const MOST_EXTRA_PAGES = 4;

/**
 * Instances to try a law on.
 *
 * @returns four in five of at most 60 requests to at most k + 4 pages, k ≤ 5 (12 requests where the tree of coins is walked); the
 *   others of up to 480 requests in loops, scans, uniform and skewed stretches, k ≤ 16
 */
export function arbitraryInstances(policy: CatalogPolicy, law: Law): fc.Arbitrary<Instance> {
  const maxLength = law.boundsFaults && policy.randomised ? 12 : 60;
  // Without bias and at full size: short and repetitive sequences are easy, and the exhaustive engine has them all.
  const numbers = fc.noBias(
    fc.array(fc.nat({ max: LARGEST_CACHE + MOST_EXTRA_PAGES - 1 }), { size: 'max', maxLength }),
  );
  const short = fc
    .tuple(fc.integer({ min: 1, max: LARGEST_CACHE }), fc.integer({ min: 1, max: MOST_EXTRA_PAGES }), numbers)
    .map(([capacity, extra, pages]) => ({ capacity, pages: pages.map((page) => page % (capacity + extra)) }));
  const long = fc
    .tuple(fc.integer({ min: 1, max: 16 }), fc.array(segments, { minLength: 1, maxLength: 6 }), seeds)
    .map(([capacity, stretches, seed]) => {
      const random = new SeededRandom(seed);
      return { capacity, pages: stretches.flatMap((segment) => requests(segment, random)) };
    });
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: short }, { weight: 1, arbitrary: long }),
      fc.constantFrom(...law.damages),
      seeds,
    )
    .map(([{ capacity, pages }, damage, seed]) => {
      const { sequence } = makeInstance(pages, capacity);
      // Apart from the coins of the policy.
      const random = new SeededRandom(seed + 0xda3a6e);
      return {
        sequence,
        capacity,
        predictions: damagedPredictions(policy.needs, damage, sequence, capacity, random),
        seed,
      };
    });
}

const seeds = fc.nat({ max: 2 ** 31 - 1 });

const segments: fc.Arbitrary<Segment> = fc.record({
  kind: fc.constantFrom('loop', 'scan', 'uniform', 'skewed'),
  first: fc.nat({ max: 24 }),
  width: fc.integer({ min: 1, max: 20 }),
  length: fc.integer({ min: 1, max: 80 }),
});

/** Where scans begin: their pages are requested by nothing else. */
const SCANNED = 64;

function requests({ kind, first, width, length }: Segment, random: SeededRandom): number[] {
  return Array.from({ length }, (_, i) => {
    if (kind === 'loop') return first + (i % width);
    if (kind === 'scan') return SCANNED + first + i;
    const choice = random.below(width);
    return first + (kind === 'uniform' ? choice : Math.min(choice, random.below(width), random.below(width)));
  });
}
