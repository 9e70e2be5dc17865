import t from 'tap';
import { GraphSaver } from '../../src/support/graph-state.ts';
import { IndexQueue } from '../../src/support/index-queue.ts';
import { SeededRandom } from '../../src/support/random.ts';

/** Two parts that may change places, one of them held twice, and a function. */
class Root {
  first: object = new IndexQueue(4);
  second: object = new SeededRandom(1);
  readonly again = this.first;
  readonly numbers = Float64Array.of(1, 2);
  readonly twice = () => 2 * this.numbers[0];
}

t.test('what is restored is what was saved, however the parts have changed places', async (t) => {
  const root = new Root();
  const saver = new GraphSaver(root);
  (root.first as IndexQueue).append(3);
  (root.second as SeededRandom).bits();
  [root.first, root.second] = [root.second, root.first];
  root.numbers[0] = 21;
  const state = structuredClone(saver.save());
  const copy = new Root();
  new GraphSaver(copy).restore(state);
  t.equal((copy.second as IndexQueue).first(), 3);
  t.equal(copy.again, copy.second, 'an object that is held twice is still one');
  t.equal((copy.first as SeededRandom).bits(), (root.first as SeededRandom).bits());
  t.equal(copy.twice(), 42, 'a function belongs to its own root');
});

t.test('an object that came later, and a root of another making, are told apart', async (t) => {
  const root = new Root();
  const saver = new GraphSaver(root);
  const other = new GraphSaver({ first: new IndexQueue(4) });
  t.notOk(other.fits(saver.save()));
  t.throws(() => other.restore(saver.save()), /another kind/);
  root.first = new IndexQueue(4);
  t.throws(() => saver.save(), /the field first has been given an object/);
});
