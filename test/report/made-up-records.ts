import type { ResultRecord } from '../../src/simulator/result.ts';

/** Requests scored, and the faults of lru and belady, in every made-up record. */
const REQUESTS = 1000;
const LRU_FAULTS = 800;
const OPT_FAULTS = 400;

/** A record with the ratios that belong to its faults. */
export function madeUpRecord(
  policy: string,
  predictions: string,
  faults: number,
  others: Partial<ResultRecord> = {},
): ResultRecord {
  return {
    trace: 'made-up.jsonl',
    policy,
    capacity: 1000,
    predictions,
    seed: 7,
    requests: REQUESTS,
    faults,
    hitRatio: 1 - faults / REQUESTS,
    optFaults: OPT_FAULTS,
    faultRatio: faults / OPT_FAULTS,
    gapClosed: (LRU_FAULTS - faults) / (LRU_FAULTS - OPT_FAULTS),
    eta0: predictions === 'none' ? null : 12,
    eta1: predictions === 'none' ? null : 3456,
    evaluatedFrom: 1500,
    ...others,
  };
}

/** A comparison of one capacity in an order that no reader would want. */
export function madeUpComparison(others: Partial<ResultRecord> = {}): ResultRecord[] {
  return [
    madeUpRecord('belady', 'none', 400, others),
    madeUpRecord('switch(discard(lru),lru)', 'inverted', 810, others),
    madeUpRecord('lazy-mark0', 'inverted', 990, others),
    madeUpRecord('marker', 'none', 820, others),
    madeUpRecord('lazy-mark0', 'train', 640, others),
    madeUpRecord('switch(discard(lru),lru)', 'train', 660, others),
    madeUpRecord('lazy-mark0', 'perfect', 400, others),
    madeUpRecord('lru', 'none', 800, others),
  ];
}

/** The same policies with bits flipped more and more often. */
export function madeUpFlips(others: Partial<ResultRecord> = {}): ResultRecord[] {
  return [
    madeUpRecord('lru', 'none', 800, others),
    madeUpRecord('belady', 'none', 400, others),
    madeUpRecord('lazy-mark0', 'inverted', 990, others),
    madeUpRecord('lazy-mark0', 'perfect', 400, others),
    madeUpRecord('lazy-mark0', 'flip:0.1', 600, others),
    madeUpRecord('lazy-mark0', 'flip:0.5', 850, others),
    madeUpRecord('switch(discard(lru),lru)', 'perfect', 400, others),
    madeUpRecord('switch(discard(lru),lru)', 'flip:0.1', 610, others),
    madeUpRecord('switch(discard(lru),lru)', 'flip:0.5', 799, others),
    madeUpRecord('switch(discard(lru),lru)', 'inverted', 805, others),
  ];
}
