import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { PrefixOptimum } from '../../src/paging/prefix-optimum.ts';
import { prefix, type RequestSequence } from '../../src/paging/request-sequence.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';

function check(sequence: RequestSequence, capacity: number): void {
  const optimum = new PrefixOptimum(capacity, sequence.pageCount);
  sequence.pages.forEach((page, step) => {
    optimum.request(page);
    const expected = optimalFaults(prefix(sequence, step + 1), capacity);
    assert.equal(optimum.faults, expected, `k = ${capacity}, ${sequence.pages.join(' ')}, step ${step}`);
  });
}

t.test('the optimum of every prefix is the faults of belady on it, all small request sequences', async () => {
  for (const sequence of requestSequences(5, 7)) for (let k = 1; k <= 4; k++) check(sequence, k);
});

t.test('the optimum of every prefix is the faults of belady on it, random request sequences', async () => {
  const anyInstance = instances({ length: 60, capacity: 7, extra: 6 });
  hold(
    fc.property(anyInstance, ({ sequence, capacity }) => check(sequence, capacity)),
    300,
  );
});
