import t from 'tap';
import { sizeFor } from '../../bench/benchmark.ts';
import { measureWorkers } from '../../bench/workers.ts';

t.test('two workers are measured against one', async (t) => {
  const { requests, cells, speedup, inflation } = await measureWorkers(sizeFor(20_000, 1));
  t.equal(requests, 20_000);
  // LRU and Belady's rule at each capacity, and seven other policies.
  t.equal(cells, 5 * 9);
  t.ok(speedup > 0 && inflation > 0);
});
