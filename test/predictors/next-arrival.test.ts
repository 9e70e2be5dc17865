import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { nextRequests } from '../../src/paging/belady.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import {
  noisyArrivals,
  perfectArrivals,
  plecoArrivals,
  popularityArrivals,
} from '../../src/predictors/next-arrival.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold, instances } from '../arbitraries.ts';

t.test('perfect arrivals are the next requests, and far beyond the end where there is none', async (t) => {
  t.strictSame([...perfectArrivals(requestSequence('abcab'))], [3, 4, 50_000, 50_000, 50_000]);
});

t.test('noise is log-normal and independent: its logarithm has mean 0 and deviation σ', async (t) => {
  const zeros = new Float64Array(40_000);
  for (const sigma of [0.5, 5]) {
    const noise = noisyArrivals(zeros, sigma, new SeededRandom(2)).map(Math.log);
    const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
    const deviation = Math.sqrt(noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noise.length);
    t.ok(Math.abs(mean) < 0.02 * sigma && Math.abs(deviation / sigma - 1) < 0.02, `${mean}, ${deviation}`);
  }
  t.strictSame(
    [...noisyArrivals(Float64Array.of(3, 8), 0, new SeededRandom(1))],
    [4, 9],
    'σ = 0 adds one step',
  );
});

t.test('POPU, worked out by hand', async (t) => {
  t.strictSame([...popularityArrivals(requestSequence('abaa'))], [1, 3, 3.5, 3 + 4 / 3]);
});

t.test('PLECO is the formula: one over the share of weights of a page, steps later', async () => {
  const weight = (n: number) => (n + 10) ** -1.8 * Math.exp(-n / 670);
  hold(
    fc.property(instances({ length: 40, capacity: 3, extra: 2 }), ({ sequence }) => {
      const { pages } = sequence;
      plecoArrivals(sequence).forEach((predicted, step) => {
        let [own, all] = [0, 0];
        for (let i = 0; i <= step; i++) {
          all += weight(step - i + 1);
          if (pages[i] === pages[step]) own += weight(step - i + 1);
        }
        assert(Math.abs(predicted - (step - 1 + all / own)) < 1e-6);
      });
    }),
    200,
  );
});

t.test('POPU and PLECO do not look ahead; perfect arrivals do', async () => {
  hold(
    fc.property(instances({ length: 40, capacity: 3, extra: 2 }), fc.nat(), ({ sequence }, number) => {
      const now = number % (sequence.pages.length + 1);
      const shorter = { pages: sequence.pages.slice(0, now), pageCount: sequence.pageCount };
      for (const predict of [popularityArrivals, plecoArrivals])
        assert.deepEqual(predict(shorter), predict(sequence).slice(0, now));
      const next = nextRequests(sequence);
      assert.deepEqual(perfectArrivals(sequence, next), perfectArrivals(sequence));
    }),
    200,
  );
});
