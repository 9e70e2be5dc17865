/** What the property tests share: random instances, and the one call that runs a property. */
import { relative } from 'node:path';
import fc from 'fast-check';
import type { Bits } from '../src/paging/policy.ts';
import type { RequestSequence } from '../src/paging/request-sequence.ts';

/** A request sequence, a cache size and one bit per request. */
export interface Instance {
  readonly sequence: RequestSequence;
  readonly capacity: number;
  readonly bits: Bits;
}

/** Bounds of random instances. */
export interface InstanceBounds {
  /** Longest request sequence. */
  readonly length: number;
  /** Largest cache. */
  readonly capacity: number;
  /** Most pages beyond the cache size; 1 … `extra` are drawn. Few pages make hard instances. */
  readonly extra: number;
}

/** Random instances: capacity 1 … `capacity`, a universe of 1 … `extra` pages more, uniform requests and bits. */
export function instances({ length, capacity, extra }: InstanceBounds): fc.Arbitrary<Instance> {
  return fc
    .tuple(
      fc.integer({ min: 1, max: capacity }),
      fc.integer({ min: 1, max: extra }),
      // One number a request, for page and bit: arrays of numbers are made and shrunk fastest. Without bias, because
      // short and repetitive sequences are easy for every policy, and the exhaustive tests have them all.
      fc.noBias(fc.array(fc.nat({ max: 2 * (capacity + extra) - 1 }), { size: 'max', maxLength: length })),
    )
    .map(([k, more, numbers]) => ({
      capacity: k,
      sequence: {
        pages: Uint32Array.from(numbers, (number) => (number >>> 1) % (k + more)),
        pageCount: k + more,
      },
      bits: Uint8Array.from(numbers, (number) => number & 1),
    }));
}

/** Random requests to pages of random sizes and costs, and a cache of some bytes. */
export const sizedInstances = (length: number, pages: number, largest: number) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.integer({ min: 1, max: largest }), fc.nat(5)), {
        minLength: pages,
        maxLength: pages,
      }),
      fc.noBias(fc.array(fc.nat(pages - 1), { size: 'max', maxLength: length })),
      fc.integer({ min: 1, max: 2 * largest }),
    )
    .map(([weights, requests, bytes]) => ({
      sequence: { pages: Uint32Array.from(requests), pageCount: pages },
      weights: {
        sizes: Uint32Array.from(weights, ([size]) => size),
        costs: Float64Array.from(weights, ([, cost]) => cost),
      },
      bytes,
    }));

/** Seeds of runs. */
export const seeds: fc.Arbitrary<number> = fc.integer();

/**
 * Runs a property and, where it fails, says how to see the same failure again: the variable SEED replays a run.
 *
 * @param runs number of random cases
 * @throws Error with the shrunk counterexample, the seed and the path
 */
export function hold<Values>(property: fc.IProperty<Values>, runs = 1000): void {
  const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
  const outcome = fc.check(property, {
    numRuns: runs,
    ...(seed !== undefined && { seed }),
  }) as fc.RunDetails<Values>;
  if (!outcome.failed) return;
  const file = relative(process.cwd(), process.argv[1]);
  throw new Error(
    `${fc.defaultReportMessage(outcome)}\n\nReplay with: SEED=${outcome.seed} npx tap --disable-coverage ${file}`,
    { cause: outcome.errorInstance },
  );
}
