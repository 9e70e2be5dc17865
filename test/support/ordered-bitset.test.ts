import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { OrderedBitset } from '../../src/support/ordered-bitset.ts';
import { hold } from '../arbitraries.ts';

function largestBelow(model: ReadonlySet<number>, bound: number): number {
  return Math.max(-1, ...[...model].filter((index) => index < bound));
}

// The sizes at which a level of the tree begins or ends, and any others.
const sizes = fc.oneof(
  fc.constantFrom(1, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 32_767, 32_768, 32_769),
  fc.integer({ min: 1, max: 3000 }),
);

t.test(
  'after any additions and deletions it finds the largest member below any bound, as a Set would',
  async () => {
    const operation = fc.tuple(fc.boolean(), fc.nat({ max: 2 ** 20 }));
    hold(
      fc.property(sizes, fc.array(operation, { size: 'max', maxLength: 60 }), (size, operations) => {
        const set = new OrderedBitset(size);
        const model = new Set<number>();
        for (const [adds, number] of operations) {
          const index = number % size;
          set[adds ? 'add' : 'delete'](index);
          model[adds ? 'add' : 'delete'](index);
          for (const bound of [0, index, index + 1, size]) {
            assert.equal(set.lastBelow(bound), largestBelow(model, bound), `below ${bound} of ${size}`);
          }
        }
      }),
    );
  },
);

t.test('a full set of every size up to 1,100 answers bound − 1 for every bound', async () => {
  for (let size = 1; size <= 1100; size++) {
    const set = new OrderedBitset(size);
    for (let index = 0; index < size; index++) set.add(index);
    for (const bound of [1, (size + 1) >> 1, size]) {
      assert.equal(set.lastBelow(bound), bound - 1, `below ${bound} of ${size}`);
    }
    for (let index = size - 1; index >= 0; index--) set.delete(index);
    assert.equal(set.lastBelow(size), -1);
  }
});

t.test('clearing up to a bound above all members leaves an empty set', async () => {
  hold(
    fc.property(
      sizes,
      fc.array(fc.nat({ max: 2 ** 20 }), { size: 'max', maxLength: 60 }),
      (size, numbers) => {
        const set = new OrderedBitset(size);
        const members = numbers.map((number) => number % size);
        for (const index of members) set.add(index);
        set.clear(Math.max(0, ...members.map((index) => index + 1)));
        assert.equal(set.lastBelow(size), -1);
        set.add(size - 1);
        set.delete(size - 1);
        assert.equal(set.lastBelow(size), -1);
      },
    ),
  );
});
