import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexSet } from '../../src/support/index-set.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { expectation } from '../../src/verify/coin-tree.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 12;
const members = fc.uniqueArray(fc.nat({ max: SIZE - 1 }), { size: 'max', maxLength: SIZE });

function setOf(...indices: number[]): IndexSet {
  const set = new IndexSet(SIZE);
  for (const index of indices) set.add(index);
  return set;
}

function contents(set: IndexSet): number[] {
  return [...set.members.subarray(0, set.count)].sort((a, b) => a - b);
}

t.test('after any operations it holds what a Set holds', async () => {
  const operation = fc.tuple(fc.constantFrom('add', 'add', 'delete', 'clear'), fc.nat({ max: SIZE - 1 }));
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 60 }), (operations) => {
      const set = new IndexSet(SIZE);
      const model = new Set<number>();
      for (const [name, index] of operations) {
        if (name === 'clear') {
          set.clear();
          model.clear();
        } else {
          set[name as 'add' | 'delete'](index);
          model[name as 'add' | 'delete'](index);
        }
        for (let i = 0; i < SIZE; i++) assert.equal(set.has(i), model.has(i));
        assert.deepEqual(
          contents(set),
          [...model].sort((a, b) => a - b),
        );
      }
    }),
  );
});

t.test('assign copies, addAll unites', async () => {
  hold(
    fc.property(members, members, (first, second) => {
      const copy = setOf(...first);
      copy.assign(setOf(...second));
      assert.deepEqual(contents(copy), contents(setOf(...second)));
      const union = setOf(...first);
      union.addAll(setOf(...second));
      assert.deepEqual(contents(union), contents(setOf(...first, ...second)));
    }),
  );
});

t.test('the choice is uniform over the members that are not excluded, and −1 if there are none', async () => {
  hold(
    fc.property(members, members, (inside, outside) => {
      const set = setOf(...inside);
      const excluded = setOf(...outside);
      const eligible = inside.filter((index) => !outside.includes(index));
      if (eligible.length === 0) {
        assert.equal(set.choose(new SeededRandom(1), excluded), -1);
        return;
      }
      for (const index of eligible) {
        const probability = expectation((random) => (set.choose(random, excluded) === index ? 1 : 0));
        assert(Math.abs(probability - 1 / eligible.length) < 1e-12);
      }
      assert.deepEqual(contents(set), contents(setOf(...inside)));
    }),
  );
});
