import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findParents } from '../../src/traces/find-parents.ts';
import { hold } from '../arbitraries.ts';

/** A request: prompt length and path. */
type Request = readonly [number, readonly number[]];

function parents(requests: readonly Request[]): number[] {
  const firstBlock = [0];
  for (const [, path] of requests) firstBlock.push(firstBlock[firstBlock.length - 1] + path.length);
  const blocks = requestSequence(requests.flatMap(([, path]) => path));
  const lengths = Uint32Array.from(requests, ([length]) => length);
  return [...findParents(blocks, Uint32Array.from(firstBlock), lengths)];
}

/** The rule, word for word, in quadratic time. */
function naiveParents(requests: readonly Request[]): number[] {
  return requests.map(([length, path], r) => {
    const earlier = requests.slice(0, r);
    const news = path.findIndex((block) => !earlier.some(([, other]) => other.includes(block)));
    const matched = news < 0 ? path.length : news;
    const q = earlier.findLastIndex(([, other]) => matched > 0 && other.includes(path[matched - 1]));
    if (q < 0) return -1;
    const [before, other] = requests[q];
    const enough = matched >= 2 ? other.length <= matched + 1 : path.length === 1 && other.length === 1;
    return enough && length >= before ? q : -1;
  });
}

const SYSTEM = 0;

t.test('a turn continues the one before it, whose last partial block has been filled', async (t) => {
  t.strictSame(
    parents([
      [1100, [SYSTEM, 1, 2]],
      [1500, [SYSTEM, 1, 3]],
      [2600, [SYSTEM, 1, 3, 4, 5]],
    ]),
    [-1, 0, 1],
  );
});

t.test('the system prompt alone makes no conversation, nor does a long text asked about anew', async (t) => {
  t.strictSame(
    parents([
      [700, [SYSTEM, 1]],
      [800, [SYSTEM, 2]],
    ]),
    [-1, -1],
    'a match of one block',
  );
  t.strictSame(
    parents([
      [2500, [SYSTEM, 1, 2, 3, 4]],
      [2600, [SYSTEM, 1, 2, 5, 6]],
    ]),
    [-1, -1],
    'two blocks replaced',
  );
  t.strictSame(
    parents([
      [1500, [SYSTEM, 1, 2]],
      [1499, [SYSTEM, 1, 3]],
    ]),
    [-1, -1],
    'a shorter prompt',
  );
  t.strictSame(
    parents([
      [1500, [SYSTEM, 1, 2]],
      [1500, [SYSTEM, 1, 2]],
    ]),
    [-1, 0],
    'the answer is asked for again',
  );
});

t.test('the latest request on the path is the parent', async (t) => {
  t.strictSame(
    parents([
      [1100, [SYSTEM, 1, 2]],
      [1200, [SYSTEM, 1, 3]],
      [1300, [SYSTEM, 1, 4]],
    ]),
    [-1, 0, 1],
  );
});

t.test('where requests are single pages, the parent is the previous access of the page', async () => {
  hold(
    fc.property(fc.array(fc.nat({ max: 6 }), { size: 'max', maxLength: 60 }), (pages) => {
      const expected = pages.map((page, i) => pages.slice(0, i).lastIndexOf(page));
      assert.deepEqual(parents(pages.map((page) => [0, [page]])), expected);
    }),
  );
});

t.test('parents are those of the rule, and do not change when the future does', async () => {
  const path = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5, size: 'max' });
  const requests = fc.array(fc.tuple(fc.nat({ max: 4 }), path), { maxLength: 12, size: 'max' });
  hold(
    fc.property(requests, fc.nat({ max: 12 }), (all, cut) => {
      assert.deepEqual(parents(all), naiveParents(all));
      assert.deepEqual(parents(all.slice(0, cut)), parents(all).slice(0, cut));
    }),
  );
});
