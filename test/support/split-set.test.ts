import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexSet } from '../../src/support/index-set.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { opposite, type Side, SplitSet } from '../../src/support/split-set.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 8;

t.test('after any operations both sides hold and choose what two sparse sets do, coin by coin', async () => {
  const operation = fc.tuple(
    fc.constantFrom('add', 'add', 'move', 'delete'),
    fc.nat({ max: SIZE - 1 }),
    fc.constantFrom<Side>(0, 1),
  );
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 60 }), fc.nat(), (operations, seed) => {
      const sets = new SplitSet(SIZE);
      const models = [new IndexSet(SIZE), new IndexSet(SIZE)];
      for (const [name, index, side] of operations) {
        const held = models.findIndex((model) => model.has(index));
        if (held >= 0) assert.equal(sets.sideOf(index), held);
        if (name === 'add' && held < 0) {
          sets.add(side, index);
          models[side].add(index);
        } else if (name !== 'add' && held >= 0) {
          models[held].delete(index);
          if (name === 'move') {
            sets.move(index);
            models[opposite(held as Side)].add(index);
          } else sets.delete(index);
        }
        const excluded = new IndexSet(SIZE);
        if (side === 1) excluded.add(seed % SIZE);
        for (const which of [0, 1] as const) {
          assert.equal(sets.counts[which], models[which].count);
          assert.equal(
            sets.choose(which, new SeededRandom(seed), excluded),
            models[which].choose(new SeededRandom(seed), excluded),
          );
        }
      }
    }),
  );
});
