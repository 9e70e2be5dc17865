import t from 'tap';
import { benchmark, EVERYTHING, makeSetting, sizeFor } from '../../bench/benchmark.ts';
import { isPolicy, prepare } from '../../bench/contestants.ts';
import { footprint } from '../../bench/footprint.ts';
import { table } from '../../bench/table.ts';
import { optimalFaults } from '../../src/paging/belady.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';

const SHORT = sizeFor(20_000, 2);

t.test('the benchmark runs with small parameters and prints the known hash of its results', async (t) => {
  const names = ['bare-loop', 'lru', 'belady', 'lazy-mark0', 'lru-distances'];
  const results = await benchmark(SHORT, names);
  t.strictSame(
    results.rows.map(({ name }) => name),
    names,
  );
  for (const { name, speed, fastestRun, medianRun, runs } of results.rows) {
    t.equal(runs, 2, name);
    t.ok(speed >= fastestRun && fastestRun >= medianRun && medianRun > 0, name);
  }
  t.equal(results.hash, 'e8d7688dbf43ad13');
  const lines = table(results).split('\n');
  for (const name of names)
    t.ok(
      lines.some((line) => line.startsWith(`${name} `)),
      name,
    );
});

t.test('every contestant can be timed, and those that ought to agree do', async (t) => {
  const setting = makeSetting(SHORT);
  const faults = (name: string) => {
    const serve = prepare(name, setting);
    return name.endsWith('distances') ? serve(0, 20_000) : serve(0, 7000) + serve(7000, 20_000);
  };
  for (const name of EVERYTHING) t.ok(faults(name) >= 0, name);
  const opt = optimalFaults(zipfSequence(20_000, 1000, 1, 1), 100);
  for (const same of ['belady', 'mark0', 'lazy-mark0', 'discard(lru)', 'opt-distances'])
    t.equal(faults(same), opt, `${same}, with true bits if with any, is optimal`);
  for (const same of ['lru-cache', 'mnemonist', 'lru-distances'])
    t.equal(faults(same), faults('lru'), `${same} faults as lru does`);
});

/** What needs more than 24 bytes a page or a slot, and why. */
const LARGER: Readonly<Record<string, readonly [perPage: number, perSlot: number]>> = {
  // A random order of all pages, and a tree over four positions a slot.
  'online-min': [32, 170],
};

t.test(
  'a policy and its cache take at most 24 bytes a page and 24 a slot, or it is known why not',
  async (t) => {
    const policies = EVERYTHING.filter((name) => isPolicy(name));
    t.ok(policies.includes('lru'));
    for (const name of policies) {
      const { perPage, perSlot, perRequest } = footprint(name);
      const [mostPerPage, mostPerSlot] = LARGER[name] ?? [24, 24];
      t.ok(perPage > 0 && perPage <= mostPerPage, `${name}: ${perPage} bytes a page`);
      t.ok(perSlot > 0 && perSlot <= mostPerSlot, `${name}: ${perSlot} bytes a slot`);
      // The buckets of lfu grow with the root of the requests.
      t.equal(perRequest > 1, findPolicy(name).offline, `${name}: ${perRequest} bytes a request`);
    }
  },
);
