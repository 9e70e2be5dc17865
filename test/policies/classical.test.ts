/** The classical policies against versions of them written a second time with plain arrays and maps. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { Failure } from '../../src/support/failure.ts';
import { type Random, SeededRandom } from '../../src/support/random.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';
import {
  naiveArc,
  naiveGdsf,
  naiveHyperbolic,
  naiveLeCaR,
  naiveLhd,
  naiveLirs,
  naiveLruK,
  naiveWTinyLfu,
} from './naive-adaptive.ts';
import { type Naive, naiveLfu, naiveS3Fifo, naiveSieve, naiveSlru, naiveTwoQueue } from './naive-queues.ts';

/** The published parameters leave little room in small caches: other ones exercise what they would not. */
const NAIVE: Readonly<Record<string, (capacity: number, random: Random) => Naive>> = {
  sieve: naiveSieve,
  lfu: naiveLfu,
  's3-fifo': (k) => naiveS3Fifo(k),
  's3-fifo(small=0.4,ghost=0.5,promote=1)': (k) => naiveS3Fifo(k, 0.4, 0.5, 1),
  arc: naiveArc,
  'two-queue': (k) => naiveTwoQueue(k),
  'two-queue(in=0.5,out=1.5)': (k) => naiveTwoQueue(k, 0.5, 1.5),
  slru: (k) => naiveSlru(k),
  'slru(segments=2)': (k) => naiveSlru(k, 2),
  'w-tinylfu': (k) => naiveWTinyLfu(k),
  'w-tinylfu(window=0.3,protected=0.5,sample=1)': (k) => naiveWTinyLfu(k, 0.3, 0.5, 1),
  'lru-k': (k) => naiveLruK(k),
  'lru-k(k=3)': (k) => naiveLruK(k, 3),
  lirs: (k) => naiveLirs(k),
  'lirs(hir=0.4)': (k) => naiveLirs(k, 0.4),
  'lirs(hir=0.3,stack=1.2)': (k) => naiveLirs(k, 0.3, 1.2),
  lecar: naiveLeCaR,
  'lecar(rate=3,discount=0.9)': (k, random) => naiveLeCaR(k, random, 3, 0.9),
  gdsf: naiveGdsf,
  'lhd(samples=4)': (k, random) => naiveLhd(k, random, 4),
  'lhd(samples=2,period=1)': (k, random) => naiveLhd(k, random, 2, 1),
  hyperbolic: naiveHyperbolic,
  'hyperbolic(sample=3)': (k, random) => naiveHyperbolic(k, random, 3),
};

function check(name: string, naive: Naive, { sequence, capacity }: Instance, seed: number): void {
  const { pages, pageCount } = sequence;
  const run = { capacity, pageCount, random: new SeededRandom(seed), sequence };
  const cache = new Cache(capacity, pageCount, findPolicy(name).create(run));
  pages.forEach((page, step) => {
    cache.request(page, 0);
    const expected = naive(page);
    assert.equal(cache.size, expected.length, `step ${step}`);
    for (const resident of expected)
      assert(cache.slotOf[resident] >= 0, `step ${step}: page ${resident} left`);
  });
  cache.audit();
}

for (const [name, naive] of Object.entries(NAIVE)) {
  t.test(`${name} holds after every request what its naive version holds`, async () => {
    const uniform = instances({ length: 150, capacity: 10, extra: 8 });
    hold(
      fc.property(uniform, seeds, (instance, seed) => {
        check(name, naive(instance.capacity, new SeededRandom(seed)), instance, seed);
      }),
      500,
    );
    for (const capacity of [3, 20, 100]) {
      const instance = {
        sequence: zipfSequence(3000, 400, 0.8, capacity),
        capacity,
        bits: new Uint8Array(0),
      };
      check(name, naive(capacity, new SeededRandom(7)), instance, 7);
    }
  });
}

t.test('a parameter that makes no sense is refused in one line that names it', async (t) => {
  for (const [expression, part] of [
    ['s3-fifo(small=3)', 'small=3 is not a share of the cache'],
    ['s3-fifo(promote=4)', 'promote=4 is not possible; give a whole number from 1 to 3'],
    ['two-queue(in=2)', 'in=2 is not a share of the cache'],
    ['slru(segments=0)', 'segments=0 is not possible'],
    ['slru(segments=2.5)', 'segments=2.5 is not possible'],
    ['w-tinylfu(window=1.5)', 'window=1.5 is not a share of the cache'],
    ['lru-k(k=0)', 'k=0 is not possible'],
    ['lirs(hir=2)', 'hir=2 is not a share of the cache'],
    ['hyperbolic(sample=0)', 'sample=0 is not possible'],
    ['lecar(discount=0)', 'discount=0 is not possible'],
  ]) {
    const sequence = { pages: Uint32Array.of(0), pageCount: 1 };
    const run = { capacity: 10, pageCount: 1, random: new SeededRandom(1), sequence };
    try {
      findPolicy(expression).create(run);
      t.fail(`${expression} is accepted`);
    } catch (error) {
      t.ok(error instanceof Failure && error.message.includes(part), `${expression}: ${error}`);
    }
  }
});
