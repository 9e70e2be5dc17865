/** What a run looks like from the outside, whatever the policy. */
import { DAMAGES } from '../predictions.ts';
import { HOLDS, type Law } from './law.ts';
import { ObservedRun } from './observed-run.ts';

/** What the laws share that need one run and no arithmetic. */
export const plainLaw = {
  engines: ['exhaustive', 'random'],
  exhaustiveLength: 5,
  boundsFaults: false,
  damages: DAMAGES,
} as const;

export const victims: Law = {
  ...plainLaw,
  name: 'victims',
  statement: 'a fault loads its page; from a full cache one resident page leaves for it',
  exempts: () => undefined,
  check: (policy, instance) => {
    const run = new ObservedRun(policy, instance);
    const isEager = run.cache.policy.leaving !== undefined;
    if (isEager !== policy.eager)
      return { complaint: `it ${isEager ? 'has' : 'lacks'} leaving(), but declares eager: ${policy.eager}` };
    const { pages } = instance.sequence;
    for (let step = 0; step < pages.length; step++) {
      const faults = run.cache.faults;
      run.serve(pages[step], instance.predictions[step]);
      const complaint =
        run.cache.size > instance.capacity
          ? `${run.cache.size} pages are resident`
          : run.cache.faults - faults !== (run.hit ? 0 : 1)
            ? 'faults are miscounted'
            : run.hit || !run.wasFull
              ? undefined
              : run.complaint(pages[step], instance.predictions[step]);
      if (complaint !== undefined) return { complaint: `${complaint} (step ${step})` };
    }
    run.cache.audit();
    return HOLDS;
  },
};

export const needlessEvictions: Law = {
  ...plainLaw,
  name: 'hits',
  statement: 'nothing leaves at a hit or while a slot is free (eager policies: only the page asked for)',
  exempts: () => undefined,
  check: (policy, instance) => {
    const run = new ObservedRun(policy, instance);
    const { pages } = instance.sequence;
    for (let step = 0; step < pages.length; step++) {
      run.serve(pages[step], instance.predictions[step]);
      if (!run.hit && run.wasFull) continue;
      const complaint = run.complaint(pages[step], instance.predictions[step]);
      if (complaint !== undefined) return { complaint: `${complaint} (step ${step})` };
    }
    return HOLDS;
  },
};
