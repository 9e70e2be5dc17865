import t from 'tap';
import { benchmark, EVERYTHING, sizeFor, WHOLE_CURVES } from '../../bench/benchmark.ts';
import { table } from '../../bench/table.ts';
import { optimalFaults } from '../../src/paging/belady.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';

t.test('the benchmark runs with small parameters and prints the known hash of its results', async (t) => {
  const results = await benchmark(sizeFor(20_000, 2), [...EVERYTHING, 'opt-distances']);
  const faults = Object.fromEntries(results.rows.map((row) => [row.name, row.faults]));
  t.equal(faults.belady, optimalFaults(zipfSequence(20_000, 1000, 1, 1), 100));
  for (const same of ['mark0', 'lazy-mark0', 'discard(lru)', 'opt-distances'])
    t.equal(faults[same], faults.belady, `${same}, with true bits if with any, is optimal`);
  for (const same of ['lru-cache', 'mnemonist', 'lru-distances'])
    t.equal(faults[same], faults.lru, `${same} faults as lru does`);
  for (const { name, speed, fastestRun, medianRun, runs } of results.rows) {
    t.equal(runs, 2, name);
    t.ok(speed >= fastestRun && fastestRun >= medianRun && medianRun > 0, name);
  }
  t.equal(results.hash, 'HASH');
  const lines = table(results).split('\n');
  for (const name of EVERYTHING)
    t.ok(
      lines.some((line) => line.startsWith(`${name} `)),
      name,
    );
});

t.test('a subset runs alone, and its hash is that of its policies', async (t) => {
  const policies = await benchmark(sizeFor(20_000, 1), ['lru', 'belady', 'lazy-mark0']);
  t.equal(policies.hash, 'e8d7688dbf43ad13');
  const curves = await benchmark(sizeFor(20_000, 1), WHOLE_CURVES);
  t.strictSame(
    curves.rows.map(({ name }) => name),
    WHOLE_CURVES,
  );
});
