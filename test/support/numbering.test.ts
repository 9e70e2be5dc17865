import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Numbering } from '../../src/support/numbering.ts';
import { hold } from '../arbitraries.ts';

t.test('integers and texts are numbered in order of appearance, as with a map', async () => {
  // Few values in each half, so that many integers agree in one half.
  const half = fc.oneof(fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1), fc.nat({ max: 3 }));
  const key = fc.oneof(fc.tuple(half, half), fc.constantFrom('0', '1', 'a'));
  hold(
    fc.property(fc.array(key, { size: 'max', maxLength: 300 }), (keys) => {
      const numbering = new Numbering();
      const expected = new Map<string, number>();
      for (const each of keys) {
        const name = JSON.stringify(each);
        if (!expected.has(name)) expected.set(name, expected.size);
        const number =
          typeof each === 'string' ? numbering.ofText(each) : numbering.ofInteger(each[0], each[1]);
        assert.equal(number, expected.get(name));
        assert.equal(numbering.count, expected.size);
      }
    }),
  );
});

t.test('a hundred thousand integers keep their numbers while the table grows', async (t) => {
  const numbering = new Numbering();
  const low = (i: number) => Math.imul(i, 0x10001);
  for (let i = 0; i < 100_000; i++) numbering.ofInteger(low(i), i % 7);
  t.equal(numbering.count, 100_000);
  let kept = true;
  for (let i = 0; i < 100_000; i++) kept &&= numbering.ofInteger(low(i), i % 7) === i;
  t.ok(kept);
});
