import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { cacheStates, perfectStates } from '../../src/paging/cache-states.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { FollowThePrediction } from '../../src/policies/augmented/follow-the-prediction.ts';
import { PredictedCache } from '../../src/policies/augmented/predicted-cache.ts';
import { noisyArrivals, perfectArrivals } from '../../src/predictors/next-arrival.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, instances, seeds } from '../arbitraries.ts';

t.test('perfect states, worked out by hand: what Belady evicts at each request', async (t) => {
  t.strictSame([...perfectStates(requestSequence('abcab'), 2)], [NO_PAGE, NO_PAGE, 1, NO_PAGE, 2]);
  t.strictSame([...perfectStates(requestSequence('aba'), 1)], [NO_PAGE, 0, 1]);
});

t.test('the states of a policy tell its cache after every request', async () => {
  hold(
    fc.property(instances({ length: 60, capacity: 5, extra: 4 }), seeds, ({ sequence, capacity }, seed) => {
      const { pages, pageCount } = sequence;
      const arrivals = noisyArrivals(perfectArrivals(sequence), 3, new SeededRandom(seed));
      const states = cacheStates(sequence, capacity, new FollowThePrediction(capacity), arrivals);
      const cache = new Cache(capacity, pageCount, new FollowThePrediction(capacity));
      const predicted = new PredictedCache(capacity, pageCount);
      pages.forEach((page, step) => {
        cache.request(page, arrivals[step]);
        predicted.serve(page, states[step]);
        const held = Array.from(cache.slotOf, (slot) => slot >= 0);
        assert.deepEqual(
          held.map((_, other) => predicted.pages.has(other)),
          held,
        );
      });
    }),
    300,
  );
});

t.test('a predicted cache told nonsense holds the requested page and at most k pages', async () => {
  hold(
    fc.property(instances({ length: 60, capacity: 4, extra: 4 }), seeds, ({ sequence, capacity }, seed) => {
      const random = new SeededRandom(seed);
      const nonsense = [NO_PAGE, -1, 0.5, Number.NaN, Infinity];
      const predicted = new PredictedCache(capacity, sequence.pageCount);
      for (const page of sequence.pages) {
        const choice = random.below(2 * nonsense.length);
        predicted.serve(page, nonsense[choice] ?? random.below(sequence.pageCount));
        assert(predicted.pages.has(page) && predicted.pages.count <= capacity);
      }
    }),
    300,
  );
});
