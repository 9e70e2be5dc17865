import t from 'tap';
import { benchmark, POLICIES } from '../../bench/benchmark.ts';
import { optimalFaults } from '../../src/paging/belady.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';

t.test('the benchmark runs with small parameters and prints the known hash of its results', async (t) => {
  const { rows, hash } = await benchmark({ requests: 20_000, pages: 1000, capacity: 100, runs: 1 });
  t.strictSame(
    rows.map(({ policy }) => policy),
    POLICIES,
  );
  const opt = optimalFaults(zipfSequence(20_000, 1000, 1, 1), 100);
  t.equal(rows[1].faults, opt);
  t.equal(rows[2].faults, opt, 'lazy-mark0 with true bits is optimal');
  t.ok(rows[0].faults > opt);
  t.ok(rows.every(({ speed, shareOfBareLoop }) => speed > 0 && shareOfBareLoop > 0));
  t.equal(hash, 'e8d7688dbf43ad13');
});
