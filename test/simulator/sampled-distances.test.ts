import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { lruStackDistances } from '../../src/simulator/lru-stack-distances.ts';
import {
  curveError,
  estimates,
  exactHitRatios,
  sampledDistances,
} from '../../src/simulator/sampled-curve.ts';
import { SampledDistances } from '../../src/simulator/sampled-distances.ts';
import { Timeline } from '../../src/simulator/timeline.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { hold, instances } from '../arbitraries.ts';
import { missing, sharedTrace } from '../traces/shared-traces.ts';

t.test('a timeline that forgets answers as a list of the pages by recency does', async () => {
  const operation = fc.record({ page: fc.nat({ max: 69 }), forget: fc.boolean() });
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 600 }), (operations) => {
      const timeline = new Timeline(70);
      const recent: number[] = [];
      for (const { page, forget } of operations) {
        const place = recent.indexOf(page);
        if (place >= 0) recent.splice(place, 1);
        if (forget) timeline.forget(page);
        else {
          assert.equal(timeline.request(page), place + 1);
          recent.unshift(page);
        }
      }
    }),
    200,
  );
});

const everyCapacity = (pageCount: number) => Array.from({ length: pageCount + 2 }, (_, i) => i + 1);

t.test('a sample that has room for every page gives the exact curve', async () => {
  hold(
    fc.property(
      instances({ length: 400, capacity: 10, extra: 60 }),
      fc.nat(),
      fc.nat({ max: 3 }),
      ({ sequence }, seed, room) => {
        const sample = new SampledDistances(sequence.pageCount + room, sequence.pageCount, seed);
        sample.serve(sequence.pages);
        let hits = 0;
        const exact = Array.from(lruStackDistances(sequence), (count) => {
          hits += count;
          return hits;
        });
        sample.hits(everyCapacity(sequence.pageCount)).forEach((found, i) => {
          assert.equal(found, exact[Math.min(i + 1, sequence.pageCount)]);
        });
        assert.equal(sample.rate, 1);
      },
    ),
    200,
  );
});

t.test(
  'a sample never holds more pages than it may, and its hits grow with the capacity up to all requests',
  async () => {
    hold(
      fc.property(
        instances({ length: 600, capacity: 10, extra: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(),
        ({ sequence: { pages, pageCount } }, limit, seed) => {
          const sample = new SampledDistances(limit, pageCount, seed);
          for (let i = 0; i < pages.length; i++) {
            const { rate } = sample;
            sample.serve(pages.subarray(i, i + 1));
            assert.ok(sample.held <= limit && sample.rate <= rate);
          }
          if (new Set(pages).size > limit) assert.ok(sample.rate < 1);
          const hits = [0, ...sample.hits(everyCapacity(8 * pageCount)), pages.length];
          for (let i = 1; i < hits.length; i++) assert.ok(hits[i] >= hits[i - 1], `${i}: ${hits[i]}`);
        },
      ),
      200,
    );
  },
);

t.test('in a cache for all pages only first requests fault, as far as the sample can tell', async () => {
  const { pages, pageCount } = zipfSequence(20_000, 5000, 1, 3);
  const cycle = Uint32Array.from({ length: 40_000 }, (_, i) => pages[i % 20_000]);
  const sample = new SampledDistances(200, pageCount, 1);
  sample.serve(cycle);
  const [beforeLast, last, beyond] = sample.hits([pageCount - 1, pageCount, 2 * pageCount]);
  assert.ok(beforeLast <= last && last === beyond);
  assert.ok(Math.abs(40_000 - last - pageCount) < 0.2 * pageCount, `${40_000 - last} of ${pageCount}`);
});

t.test('it does not matter how the requests are cut into chunks', async (t) => {
  const { pages } = zipfSequence(20_000, 5000, 1, 2);
  const cuts = [0, 1, 1, 700, 19_999, 20_000];
  const chunks = cuts.slice(1).map((end, i) => pages.subarray(cuts[i], end));
  const capacities = [1, 10, 100, 1000, 5000];
  const whole = estimates(sampledDistances([pages], 300, 5000, 1), capacities);
  t.strictSame(estimates(sampledDistances(chunks, 300, 5000, 1), capacities), whole);
  t.ok(whole.every(({ standardError }) => standardError > 0));
});

function errorOf({ pages, pageCount }: RequestSequence, limit: number) {
  const exact = exactHitRatios([pages], pageCount, pages.length);
  return curveError(sampledDistances([pages], limit, pageCount, 1), exact);
}

t.test('on Zipf requests the mean absolute error is small, and smaller for a larger sample', async (t) => {
  const sequence = zipfSequence(500_000, 50_000, 1, 1);
  const [small, large] = [errorOf(sequence, 500), errorOf(sequence, 8000)];
  t.comment(`500 pages: ${JSON.stringify(small)}; 8,000 pages: ${JSON.stringify(large)}`);
  t.ok(small.mean < 0.01, `${small.mean}`);
  t.ok(large.mean < 0.002, `${large.mean}`);
  t.equal(errorOf(sequence, 50_000).largest, 0);
});

const CONVERSATION = 'mooncake_conversation.jsonl.gz';
t.test('on the Mooncake conversation trace the error is small', missing(CONVERSATION), async (t) => {
  const error = errorOf(readTrace(sharedTrace(CONVERSATION)).blocks, 8000);
  t.comment(JSON.stringify(error));
  t.ok(error.mean < 0.003, `${error.mean}`);
  t.ok(error.largest < 0.03, `${error.largest}`);
  t.ok(error.resolved > 0 && error.resolved < 0.015, `${error.resolved}`);
});
