/** What a worst cycle costs when it is played: the policy against Belady's rule (LFD), bits against true labels. */
import { optimalFaults } from '../../paging/belady.ts';
import { discardLabels, phaseLabels } from '../../paging/labels.ts';
import { predictionError } from '../../paging/prediction-error.ts';
import type { RequestSequence } from '../../paging/request-sequence.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { add, compare, type Rational, rational } from '../../support/rational.ts';
import { expectedFaults } from '../expected-faults.ts';
import type { Certificate } from './certify.ts';
import { repeat, type UnrolledCycle } from './unroll.ts';

export interface LfdScore {
  readonly repetitions: number;
  readonly faults: Rational;
  readonly optimum: number;
  readonly eta0: number;
  readonly eta1: number;
}

/** A multiple of all small numbers, since LFD may repeat itself only after several periods. */
export const REPETITIONS = 60;

/**
 * What a long run of a cycle costs against LFD itself, with the true labels: what 2·60 repetitions cost more than 60, so that the
 * beginning and the end do not count.
 *
 * @param pageCount of the game that the cycle is one of
 */
export function scoreAgainstLfd(certificate: Certificate, pageCount: number, cycle: UnrolledCycle): LfdScore {
  const { model } = certificate;
  const byModel = scoreWith(faultsOfModel, certificate, pageCount, cycle);
  // Where nothing departs, nothing is left out of a model; and a policy pays no less than the optimum.
  const keepsAll = [...cycle.approach, ...cycle.period].every(({ bit }) => bit === 0);
  if (model.isExact || keepsAll || compare(byModel.faults, rational(byModel.optimum)) === 0) return byModel;
  return scoreWith(faultsOfPolicy, certificate, pageCount, cycle);
}

type FaultsOf = (certificate: Certificate, sequence: RequestSequence, bits: Uint8Array) => Rational;

function scoreWith(
  faultsOf: FaultsOf,
  certificate: Certificate,
  pageCount: number,
  cycle: UnrolledCycle,
): LfdScore {
  const { model, capacity } = certificate;
  const [short, long] = [REPETITIONS, 2 * REPETITIONS].map((repetitions) => {
    const { sequence, bits } = repeat(cycle, pageCount, repetitions);
    const faults = faultsOf(certificate, sequence, bits);
    const optimum = optimalFaults(sequence, capacity);
    if (model.needs === 'nothing') return { faults, optimum, eta0: 0, eta1: 0 };
    const labels = (model.needs === 'phase bit' ? phaseLabels : discardLabels)(sequence, capacity);
    return { faults, optimum, ...predictionError(bits, labels) };
  });
  return {
    repetitions: REPETITIONS,
    faults: add(long.faults, rational(-short.faults.numerator, short.faults.denominator)),
    optimum: long.optimum - short.optimum,
    eta0: long.eta0 - short.eta0,
    eta1: long.eta1 - short.eta1,
  };
}

function faultsOfModel({ model }: Certificate, sequence: RequestSequence, bits: Uint8Array): Rational {
  let state = model.start(sequence.pageCount);
  let faults = rational(0);
  sequence.pages.forEach((page, i) => {
    const served = model.serve(state, page, bits[i]);
    faults = add(faults, served.faults);
    state = served.state;
  });
  return faults;
}

/** Over all orders of the pages, which are all the coins there are: so a multiple of 1/n!, and rounding to one is exact. */
function faultsOfPolicy(
  { policy, capacity }: Certificate,
  sequence: RequestSequence,
  bits: Uint8Array,
): Rational {
  let orders = 1;
  for (let pages = 2; pages <= sequence.pageCount; pages++) orders *= pages;
  const expected = expectedFaults(findPolicy(policy), capacity, sequence, bits);
  return rational(Math.round(expected * orders), orders);
}
