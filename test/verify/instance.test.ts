import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { formatInstance, makeInstance, parseInstance } from '../../src/verify/instance.ts';
import { hold, instances, seeds } from '../arbitraries.ts';

t.test('what is written is read back the same', async () => {
  hold(
    fc.property(
      instances({ length: 30, capacity: 5, extra: 4 }),
      seeds,
      ({ sequence, capacity, bits }, seed) => {
        const instance = makeInstance(sequence.pages, capacity, Float64Array.from(bits), seed);
        assert.deepEqual(parseInstance(formatInstance(instance, true)), instance);
      },
    ),
  );
});

t.test('predictions are zeros and the seed is 1 if absent', async (t) => {
  t.strictSame(parseInstance('{"pages":[2,0],"capacity":1}'), {
    sequence: { pages: Uint32Array.of(2, 0), pageCount: 3 },
    capacity: 1,
    predictions: new Uint8Array(2),
    seed: 1,
  });
});

t.test('anything else is refused in one line that names the field', async (t) => {
  for (const [text, part] of [
    ['{"pages"', '--replay: is not a JSON object'],
    ['none.json', 'none.json: cannot be read (ENOENT)'],
    ['{"capacity":1}', '“pages” must be a list'],
    ['{"pages":[0,-1],"capacity":1}', '“pages” must be a list'],
    ['{"pages":[0,0.5],"capacity":1}', '“pages” must be a list'],
    ['{"pages":[0,1e9],"capacity":1}', '“pages” must be a list'],
    ['{"pages":[0]}', '“capacity” must be'],
    ['{"pages":[0],"capacity":0}', '“capacity” must be'],
    ['{"pages":[0,1],"capacity":1,"predictions":[1]}', 'one for each of the 2 pages'],
    ['{"pages":[0],"capacity":1,"predictions":["1"]}', '“predictions” must be'],
    ['{"pages":[0],"capacity":1,"seed":0.5}', '“seed” must be'],
  ])
    t.throws(() => parseInstance(text), { name: 'Failure', message: part }, text);
  const bits = '{"pages":[0,1],"capacity":1,"predictions":[1,2]}';
  t.throws(() => parseInstance(bits, 'phase bit'), {
    message: 'must be 0 or 1, since the policy needs a phase bit',
  });
  t.strictSame([...parseInstance(bits, 'next arrival').predictions], [1, 2]);
});
