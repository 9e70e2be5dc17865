import { phases } from '../../paging/phases.ts';
import { HOLDS, type Law, startCache } from './law.ts';
import { plainLaw } from './structure.ts';

/** With discard bits it is a law of runs where all bits say keep: a bit of 1 releases its page, and so changes the phases. */
export const marking: Law = {
  ...plainLaw,
  name: 'marking',
  statement: 'a marking policy never evicts a page that was requested in the current phase',
  exempts: ({ marking }) => (marking ? undefined : 'not declared'),
  check: (policy, instance) => {
    const { sequence, capacity, predictions } = instance;
    const { pages, pageCount } = sequence;
    const phase = phases(sequence, capacity);
    const latest = new Int32Array(pageCount).fill(-1);
    const cache = startCache(policy, instance);
    const before = new Uint32Array(capacity);
    for (let step = 0; step < pages.length; step++) {
      before.set(cache.pageIn);
      cache.request(pages[step], policy.needs === 'discard bit' ? 0 : predictions[step]);
      for (const page of before) {
        if (page >= pageCount || cache.slotOf[page] >= 0 || phase[latest[page]] < phase[step]) continue;
        return {
          complaint: `page ${page}, requested at step ${latest[page]}, left in the same phase at step ${step}`,
        };
      }
      latest[pages[step]] = step;
    }
    return HOLDS;
  },
};
