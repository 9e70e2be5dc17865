import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexStack } from '../../src/support/index-stack.ts';
import { hold } from '../arbitraries.ts';

t.test('after any pushes and pops it holds what an array holds', async () => {
  hold(
    fc.property(fc.array(fc.integer({ min: -1, max: 99 }), { size: 'max', maxLength: 200 }), (operations) => {
      const stack = new IndexStack();
      const model: number[] = [];
      for (const index of operations) {
        if (index >= 0) {
          stack.push(index);
          model.push(index);
        } else if (model.length > 0) {
          assert.equal(stack.pop(), model.pop());
        }
        assert.equal(stack.count, model.length);
      }
      while (model.length > 0) assert.equal(stack.pop(), model.pop());
    }),
  );
});
