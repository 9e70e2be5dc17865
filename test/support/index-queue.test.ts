import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { IndexQueue } from '../../src/support/index-queue.ts';
import { hold } from '../arbitraries.ts';

const SIZE = 8;

t.test('after any operations it holds what a Set holds, in the order of insertion', async () => {
  const operation = fc.tuple(
    fc.constantFrom('append', 'append', 'delete', 'trim'),
    fc.nat({ max: SIZE - 1 }),
  );
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 60 }), (operations) => {
      const queue = new IndexQueue(SIZE);
      const model = new Set<number>();
      for (const [name, index] of operations) {
        if (name === 'append' && !model.has(index)) {
          queue.append(index);
          model.add(index);
        } else if (name === 'trim') {
          queue.trim(index);
          for (const member of model) if (model.size > index) model.delete(member);
        } else {
          assert.equal(queue.delete(index), model.delete(index));
        }
        assert.equal(queue.count, model.size);
        assert.equal(queue.first(), [...model][0] ?? -1);
        for (let i = 0; i < SIZE; i++) assert.equal(queue.has(i), model.has(i));
      }
      for (const member of model) {
        assert.equal(queue.first(), member);
        queue.delete(member);
      }
    }),
  );
});

t.test('two queues beside each other hold what two Sets hold that share no member', async () => {
  const operation = fc.tuple(
    fc.constantFrom('append', 'append', 'delete', 'trim'),
    fc.nat({ max: 1 }),
    fc.nat({ max: SIZE - 1 }),
  );
  hold(
    fc.property(fc.array(operation, { size: 'max', maxLength: 60 }), (operations) => {
      const first = new IndexQueue(SIZE);
      const queues = [first, new IndexQueue(SIZE, first)];
      const models = [new Set<number>(), new Set<number>()];
      for (const [name, which, index] of operations) {
        const [queue, model] = [queues[which], models[which]];
        if (name === 'append' && !models.some((set) => set.has(index))) {
          queue.append(index);
          model.add(index);
        } else if (name === 'trim') {
          queue.trim(index);
          for (const member of model) if (model.size > index) model.delete(member);
        } else {
          assert.equal(queue.delete(index), model.delete(index));
        }
        for (const w of [0, 1]) {
          assert.equal(queues[w].count, models[w].size);
          assert.equal(queues[w].first(), [...models[w]][0] ?? -1);
          for (let i = 0; i < SIZE; i++) assert.equal(queues[w].has(i), models[w].has(i));
        }
      }
    }),
  );
});
