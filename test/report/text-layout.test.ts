import fc from 'fast-check';
import t from 'tap';
import { fold, spread } from '../../src/report/text-layout.ts';

const places = fc
  .array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 17, size: 'max' })
  .map((wanted) => [...wanted].sort((a, b) => a - b));

t.test('labels are at least the spacing apart and inside the plot', async () => {
  fc.assert(
    fc.property(places, (wanted) => {
      const placed = spread(wanted, 17, 300);
      const apart = placed.every((place, i) => i === 0 || place - placed[i - 1] >= 17 - 1e-9);
      return apart && placed[0] >= 0 && placed[placed.length - 1] <= 300 + 1e-9;
    }),
    { numRuns: 1000 },
  );
});

t.test('labels that do not touch stay where they are', async () => {
  const gaps = fc.array(fc.integer({ min: 17, max: 40 }), { minLength: 1, maxLength: 7, size: 'max' });
  fc.assert(
    fc.property(gaps, (distances) => {
      let place = 0;
      const wanted = distances.map((distance) => (place += distance));
      return spread(wanted, 17, 300).every((placed, i) => Math.abs(placed - wanted[i]) < 1e-9);
    }),
    { numRuns: 1000 },
  );
});

t.test('labels that touch move to both sides', async (t) => {
  t.same(spread([10, 10], 4, 100), [8, 12]);
  t.same(spread([50, 51, 90], 11, 100), [45, 56, 90]);
});

t.test('text is folded into lines of much the same length', async (t) => {
  t.same(fold('one two three four', 18), ['one two three four']);
  t.same(fold('one two three four', 16), ['one two', 'three four']);
  t.same(fold('switch(discard(lru),lru) it is', 10), ['switch(discard(lru),lru)', 'it is']);
});
