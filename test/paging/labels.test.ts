import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { discardLabels, extendedDiscardLabels, phaseLabels } from '../../src/paging/labels.ts';
import { phases } from '../../src/paging/phases.ts';
import type { RequestSequence } from '../../src/paging/request-sequence.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, instances } from '../arbitraries.ts';
import { naiveBelady } from './naive-belady.ts';

/** The definition: whether the next phase holds a request to the page. */
function naivePhaseLabels(sequence: RequestSequence, capacity: number): number[] {
  const phase = phases(sequence, capacity);
  return [...sequence.pages].map((page, i) => {
    const returns = sequence.pages.some((other, j) => other === page && phase[j] === phase[i] + 1);
    return returns ? 0 : 1;
  });
}

function agree(sequence: RequestSequence, capacity: number): void {
  const discard = naiveBelady(sequence, capacity).labels;
  assert.deepEqual([...discardLabels(sequence, capacity)], discard);
  const { pages } = sequence;
  const extended = discard.map((label, i) => (pages.lastIndexOf(pages[i]) === i ? 1 : label));
  assert.deepEqual([...extendedDiscardLabels(sequence, capacity)], extended);
  assert.deepEqual([...phaseLabels(sequence, capacity)], naivePhaseLabels(sequence, capacity));
}

t.test('labels agree with their definitions on every small request sequence', async () => {
  for (const sequence of requestSequences(4, 7)) for (let k = 1; k <= 3; k++) agree(sequence, k);
});

t.test('labels agree with their definitions on random request sequences', async () => {
  hold(fc.property(instances({ length: 70, capacity: 5, extra: 4 }), (i) => agree(i.sequence, i.capacity)));
});

t.test(
  'a discard label 1 marks one eviction of the optimum: there are OPT − (pages still resident) of them',
  async () => {
    hold(
      fc.property(instances({ length: 70, capacity: 5, extra: 4 }), ({ sequence, capacity }) => {
        const resident = Math.min(capacity, new Set(sequence.pages).size);
        const ones = discardLabels(sequence, capacity).reduce((sum, label) => sum + label, 0);
        assert.equal(ones, optimalFaults(sequence, capacity) - resident);
      }),
    );
  },
);
