import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexSet } from '../../src/support/index-set.ts';
import { IndexedHeap } from '../../src/support/indexed-heap.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 12;

t.test(
  'after any operations the first one is the least of what a Map holds, also outside a set',
  async () => {
    const operation = fc.tuple(fc.nat({ max: SIZE - 1 }), fc.integer({ min: -40, max: 100 }), fc.nat());
    hold(
      fc.property(fc.array(operation, { size: 'max', maxLength: 60 }), (operations) => {
        const heap = new IndexedHeap(SIZE);
        const model = new Map<number, number>();
        operations.forEach(([index, number, mask], step) => {
          // Distinct keys, so that there is one least.
          const key = number * 100 + step;
          if (number >= 0) {
            heap.set(index, key);
            model.set(index, key);
          } else if (model.delete(index)) {
            heap.delete(index);
          }
          const least = (excluded: IndexSet) =>
            [...model].filter(([held]) => !excluded.has(held)).sort((a, b) => a[1] - b[1])[0]?.[0] ?? -1;
          const excluded = new IndexSet(SIZE);
          for (let i = 0; i < SIZE; i++) if ((mask >>> i) & 1) excluded.add(i);
          assert.equal(heap.first(), least(new IndexSet(SIZE)));
          assert.equal(heap.firstOutside(excluded), least(excluded));
          assert.equal(heap.count, model.size);
          for (let i = 0; i < SIZE; i++) assert.equal(heap.has(i), model.has(i));
        });
      }),
    );
  },
);
