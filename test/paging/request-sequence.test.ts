import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { harmonic } from '../../src/paging/guarantee.ts';
import { prefix, requestSequence } from '../../src/paging/request-sequence.ts';
import { hold } from '../arbitraries.ts';

t.test(
  'pages are numbered densely in the order of their first request; equal identifiers share a number',
  async () => {
    hold(
      fc.property(
        fc.array(fc.constantFrom('x', 'y', 7, 7n, -1), { size: 'max', maxLength: 50 }),
        (identifiers) => {
          const { pages, pageCount } = requestSequence(identifiers);
          const distinct = [...new Set(identifiers)];
          assert.equal(pageCount, distinct.length);
          assert.deepEqual(
            [...pages],
            identifiers.map((identifier) => distinct.indexOf(identifier)),
          );
        },
      ),
    );
  },
);

t.test('a prefix is a view over the same universe, and no longer than the sequence', async (t) => {
  const sequence = requestSequence('abcab');
  t.strictSame([...prefix(sequence, 2).pages], [0, 1]);
  t.equal(prefix(sequence, 2).pageCount, 3);
  t.equal(prefix(sequence, 2).pages.buffer, sequence.pages.buffer);
  t.throws(() => prefix(sequence, 6), { message: /prefix length 6 is outside/ });
});

t.test('H_k = 1 + 1/2 + … + 1/k', async (t) => {
  t.strictSame([harmonic(0), harmonic(1), harmonic(2)], [0, 1, 1.5]);
  t.ok(Math.abs(harmonic(4) - 25 / 12) < 1e-15);
});
