import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexSet } from '../../src/support/index-set.ts';
import { IndexedHeap } from '../../src/support/indexed-heap.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 12;

t.test('the highest member is what a search of all members finds, whatever is excluded', async () => {
  const steps = fc.array(
    fc.record({ index: fc.nat(SIZE - 1), key: fc.integer({ min: -2, max: 5 }), excluded: fc.nat(4095) }),
  );
  hold(
    fc.property(steps, (list) => {
      const heap = new IndexedHeap(SIZE);
      const keys = new Map<number, number>();
      for (const { index, key, excluded } of list) {
        if (key < 0) {
          heap.delete(index);
          keys.delete(index);
        } else {
          heap.set(index, key);
          keys.set(index, key);
        }
        assert.equal(heap.count, keys.size);
        assert.equal(heap.has(index), keys.has(index));
        for (const mask of [0, excluded]) {
          const set = new IndexSet(SIZE);
          for (let i = 0; i < SIZE; i++) if ((mask >>> i) & 1) set.add(i);
          const eligible = [...keys].filter(([member]) => !set.has(member));
          const highest = eligible.sort(([a, x], [b, y]) => y - x || a - b)[0]?.[0] ?? -1;
          assert.equal(heap.highest(set), highest);
          const chosen = heap.choose(new SeededRandom(index), set);
          assert(eligible.length === 0 ? chosen === -1 : eligible.some(([member]) => member === chosen));
        }
      }
    }),
  );
});
