import assert from 'node:assert/strict';
import t from 'tap';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { bruteForceOptimum } from '../../src/verify/brute-force.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { bitStrings, requestSequences } from '../../src/verify/instances.ts';

t.test('request sequences: each once up to renaming, none missing, shorter ones first', async (t) => {
  const found = [...requestSequences(3, 5)].map(({ pages }) => pages.join(''));
  const every = new Set<string>();
  for (let length = 1; length <= 5; length++) {
    for (let number = 0; number < 3 ** length; number++) {
      const pages = Array.from({ length }, (_, i) => Math.floor(number / 3 ** i) % 3);
      every.add(requestSequence(pages).pages.join(''));
    }
  }
  t.strictSame([...found].sort(), [...every].sort());
  t.strictSame(
    found.map(({ length }) => length),
    found.map(({ length }) => length).sort(),
  );
  t.equal([...requestSequences(4, 7)].length, 976);
});

t.test('a sequence counts its pages', async () => {
  for (const { pages, pageCount } of requestSequences(4, 6)) assert.equal(pageCount, Math.max(...pages) + 1);
});

t.test('bit strings: all of them, in order', async (t) => {
  t.strictSame(
    [...bitStrings(2)].map((bits) => [...bits]),
    [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
  );
  t.strictSame(
    [...bitStrings(0)].map((bits) => [...bits]),
    [[]],
  );
  t.equal(new Set([...bitStrings(10)].map((bits) => bits.join(''))).size, 1024);
});

t.test('the brute-force optimum of sequences worked out by hand', async (t) => {
  t.equal(bruteForceOptimum(requestSequence(''), 2), 0);
  t.equal(bruteForceOptimum(requestSequence('abcab'), 2), 4);
  t.equal(
    bruteForceOptimum(requestSequence('abcdabeabcde'), 3),
    7,
    'the example of Belady, Nelson and Shedler',
  );
  t.equal(bruteForceOptimum(requestSequence('abcabc'), 1), 6);
});

t.test('exact expected faults, worked out by hand', async (t) => {
  // c throws out a or b; then a is missing with probability 1/2, and so on.
  t.equal(expectedFaults(findPolicy('marker'), 2, requestSequence('abca')), 3.5);
  t.equal(expectedFaults(findPolicy('random'), 2, requestSequence('abca')), 3.5);
  t.equal(expectedFaults(findPolicy('lru'), 2, requestSequence('abca')), 4);
  t.equal(expectedFaults(findPolicy('lazy-mark0'), 2, requestSequence('abca'), Uint8Array.of(0, 1, 0, 0)), 3);
});
