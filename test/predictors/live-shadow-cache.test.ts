import fc from 'fast-check';
import t from 'tap';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { cutPoint } from '../../src/predictors/cut-point.ts';
import { LiveShadowCache } from '../../src/predictors/live-shadow-cache.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';
import { hold } from '../arbitraries.ts';

const AGES = [0, 2, 5, 11];
const PAGES = 9;

const accesses = fc.array(
  fc.record({
    page: fc.nat(PAGES - 1),
    gap: fc.nat(4),
    // Few values, so that ties are common.
    values: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
  }),
  { size: 'max', maxLength: 80 },
);

t.test('blocks leave the live shadow cache exactly as they leave that of a whole trace', async (t) => {
  hold(
    fc.property(accesses, fc.integer({ min: 1, max: PAGES - 1 }), (list, capacity) => {
      let now = 0;
      const time = Float64Array.from(list, ({ gap }) => (now += gap));
      const pages = Uint32Array.from(list, ({ page }) => page);
      const values = Float32Array.from(list.flatMap((access) => access.values));
      const late = lateDiscards({ pages, pageCount: PAGES }, time, values, AGES, capacity);
      const cache = new LiveShadowCache(capacity, PAGES, AGES);
      return list.every((_, step) => {
        const left = cache.request(pages[step], time[step], values, 3 * step);
        return left === (late[step] === NO_PAGE ? -1 : late[step]) && cache.price >= 0 && cache.price <= 3;
      });
    }),
    1000,
  );
  t.pass('1,000 traces');
});

t.test('a forgotten block has left', async (t) => {
  const cache = new LiveShadowCache(1, 3, AGES);
  cache.request(0, 0, Float32Array.of(1, 1, 1), 0);
  cache.forget(0);
  cache.forget(2);
  t.equal(cache.request(1, 1, Float32Array.of(1, 1, 1), 0), -1);
  t.equal(cache.request(2, 1, Float32Array.of(1, 1, 1), 0), 1);
});

t.test(
  'the cut comes before the first block that will hardly come back while it is worth its place',
  async (t) => {
    const hazards = Float32Array.of(0.9, 0.1, 0.2, 0.2, 0.9, 0.9);
    const values = Float32Array.of(3, 1, 3, 1, 3, 1);
    t.equal(cutPoint(hazards, values, 2, 0, 0.3), 3, 'the second comes back with probability .36');
    t.equal(cutPoint(hazards, values, 2, 2, 0.3), 1, 'but with .2 as long as it is worth it');
    t.equal(cutPoint(hazards, values, 2, 4, 0.3), 0);
  },
);
