import t from 'tap';
import { capacityHeadline, flipHeadline } from '../../src/report/headlines.ts';
import { madeUpComparison, madeUpFlips, madeUpRecord } from './made-up-records.ts';

t.test('the headline of the capacities names the widest gap closed by bits that can be had', async (t) => {
  const records = [...madeUpComparison(), ...madeUpComparison({ capacity: 50, gapClosed: 0.1 })];
  t.equal(capacityHeadline(records), 'At 1,000 pages lazy-mark0 · train closes 40.0% of the gap to belady');
});

t.test('without such bits it names perfect ones, and without bits the best policy', async (t) => {
  const perfect = madeUpComparison().filter(({ predictions }) => predictions !== 'train');
  t.equal(
    capacityHeadline(perfect),
    'At 1,000 pages lazy-mark0 · perfect closes 100.0% of the gap to belady',
  );
  const blind = [madeUpRecord('lru', 'none', 800), madeUpRecord('clock', 'none', 780)];
  t.equal(capacityHeadline(blind), 'At 1,000 pages clock closes 5.0% of the gap to belady');
});

t.test('where nothing closes the gap the headline claims nothing', async (t) => {
  const records = [madeUpRecord('lru', 'none', 800), madeUpRecord('lazy-mark0', 'train', 900)];
  t.equal(capacityHeadline(records), 'Hit ratio between the floor, lru, and the ceiling, belady');
});

t.test('the headline of the flips names the policy that stays below lru for longest', async (t) => {
  const records = madeUpFlips();
  t.equal(flipHeadline(records), 'switch(discard(lru),lru) stays below lru up to a flip probability of 0.5');
  const one = records.filter(({ policy }) => !policy.startsWith('switch'));
  t.equal(flipHeadline(one), 'lazy-mark0 stays below lru up to a flip probability of 0.1');
});

t.test('of two policies that stay below lru equally long it names the one with fewer faults', async (t) => {
  const rival = madeUpRecord('discard(lru)', 'flip:0.5', 790);
  t.match(flipHeadline([...madeUpFlips(), rival]), /^discard\(lru\) stays below lru .* 0\.5$/);
});

t.test('where no policy stays below lru the headline claims nothing', async (t) => {
  const neutral = 'Faults relative to the optimum as more bits are flipped';
  t.equal(flipHeadline([madeUpRecord('lru', 'none', 800), madeUpRecord('mark0', 'flip:0.1', 800)]), neutral);
  t.equal(flipHeadline([madeUpRecord('mark0', 'flip:0.1', 500)]), neutral);
});
