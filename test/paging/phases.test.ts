import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { phases } from '../../src/paging/phases.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';

/** The definition, with sets: a phase goes on as long as its pages are at most k. */
function naivePhases({ pages }: RequestSequence, capacity: number): number[] {
  const result: number[] = [];
  let current = new Set<number>();
  let phase = 0;
  for (const page of pages) {
    if (new Set([...current, page]).size > capacity) {
      phase++;
      current = new Set();
    }
    current.add(page);
    result.push(phase);
  }
  return result;
}

t.test('phases are the maximal runs with at most k distinct pages', async () => {
  for (const sequence of requestSequences(4, 7)) {
    for (let k = 1; k <= 3; k++) assert.deepEqual([...phases(sequence, k)], naivePhases(sequence, k));
  }
  hold(
    fc.property(instances({ length: 60, capacity: 5, extra: 4 }), ({ sequence, capacity }) => {
      assert.deepEqual([...phases(sequence, capacity)], naivePhases(sequence, capacity));
    }),
  );
});

t.test('a phase never opens on a page already seen in the one that ends there', async () => {
  hold(
    fc.property(instances({ length: 60, capacity: 4, extra: 3 }), ({ sequence, capacity }) => {
      const phase = phases(sequence, capacity);
      for (let i = 1; i < phase.length; i++) {
        if (phase[i] === phase[i - 1]) continue;
        assert.equal(phase[i], phase[i - 1] + 1);
        const ended = sequence.pages.filter((_, j) => phase[j] === phase[i - 1]);
        assert.equal(new Set(ended).size, capacity);
        assert(!ended.includes(sequence.pages[i]));
      }
    }),
  );
});
