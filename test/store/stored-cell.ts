import type { CellIdentity } from '../../src/store/cell-key.ts';

/** What is stored of a made-up cell: at each capacity another number of faults. */
export function storedCell(capacity: number, policy = 'lru') {
  const identity: CellIdentity = {
    trace: '0123456789abcdef',
    evaluatedFrom: 0,
    policy,
    capacity,
    predictions: 'none',
    model: null,
    seed: null,
    source: 'fedcba9876543210',
  };
  const result = { faults: 1000 - capacity, eta0: null, eta1: null };
  return [identity, result, { traceName: 'pages', requests: 1000 }] as const;
}
