import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { parseByteCapacities } from '../../src/cli/arguments.ts';
import { runWeighted } from '../../src/cli/compare-weighted.ts';
import { PROGRAM } from '../program.ts';

/** Page p has 1000 · (p + 1) bytes; the last one alone is larger than the cache. */
const accesses = Array.from({ length: 300 }, (_, i) => (i === 7 ? 99 : (i * i + 3 * i) % 23));
const rows = accesses.map((page, i) => `${i},${page},${1000 * (page + 1)},${page % 5}`);
const folder = t.testdir({
  'io.csv': ['time,page,size,latency', ...rows].join('\n'),
  'bad.csv': 'time,page,size\n1,2,3\n2,3,0\n',
});

function onebit(...args: string[]) {
  const options = { encoding: 'utf8', cwd: folder } as const;
  const { status, stdout, stderr } = spawnSync('env', [...PROGRAM, ...args], options);
  return { status, stdout, stderr };
}

t.test(
  'a capacity in bytes compares what supports sizes, with bounds, and names what it leaves out',
  async (t) => {
    const { status, stdout, stderr } = onebit('compare', 'io.csv', '--capacity', '64KB');
    t.strictSame([status, stderr], [0, '']);
    t.match(stdout, /^capacity 64,000 bytes *$/m);
    for (const policy of ['lru', 'fifo', 'gdsf', 'lhd', 'hyperbolic'])
      t.match(stdout, new RegExp(`^${policy} `, 'm'));
    t.match(stdout, /^lower bound +≥ \d+ +≥ 0\.\d{4} +≤ 0\.\d{4} +≥ [\d,]+ +≥ 0\.\d{4} +≤ 0\.\d{4}$/m);
    t.match(stdout, /^Lower bound: no policy can do better, .* NP-hard/m);
    t.match(
      stdout,
      /^1 requests of pages larger than 64,000 bytes are faults: such pages are never held\.$/m,
    );
    t.match(stdout, /^Left out, for pages of one size only: .*\barc, .*belady,/m);
    t.notMatch(stdout, /optimum of|OPT/);
  },
);

t.test('records are JSON Lines, with costs where their column is named', async (t) => {
  const args = ['--capacity', '64KB,1MiB', '--policy', 'lru,gdsf', '--json'];
  const columns = ['--columns', 'page=page,cost=latency'];
  const { status, stdout } = onebit('compare', 'io.csv', ...args, ...columns);
  t.equal(status, 0);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cells = records.map(({ policy, capacity, unit }) => `${policy} ${capacity} ${unit}`);
  t.strictSame(cells, ['lru 64000 bytes', 'gdsf 64000 bytes', 'lru 1048576 bytes', 'gdsf 1048576 bytes']);
  for (const { requests, faults, hitRatio, faultsBound, faultCost, faultCostBound } of records) {
    t.equal(hitRatio, 1 - faults / requests);
    t.ok(faultsBound <= faults && faultCostBound <= faultCost);
  }
});

t.test('what cannot be compared is said in one line', async (t) => {
  const { status, stdout, stderr } = onebit('compare', 'bad.csv', '--capacity', '1MB');
  t.strictSame([status, stdout], [1, '']);
  t.match(stderr, /^onebit: bad\.csv:3: the size must be an integer [^\n]*, found "0"; correct [^\n]*\n$/);
  const io = join(folder, 'io.csv');
  const common = {
    trace: io,
    policies: ['lru'],
    capacities: [5],
    columns: undefined,
    seed: 1,
    json: true,
  } as const;
  const refused = (message: RegExp, request: Partial<Parameters<typeof runWeighted>[0]>) =>
    t.throws(() => runWeighted({ ...common, unit: 'bytes', ...request }), { name: 'Failure', message });
  refused(/^--policy: arc is for pages of one size and cost; leave /, { policies: ['lru', 'arc'] });
  refused(/^--policy: discard\(lru\) needs a discard bit with each /, { policies: ['discard(lru)'] });
  refused(/^the embedded trace tells no sizes of pages; name /, { trace: undefined });
  refused(/io\.csv: the trace tells no costs of faults; name the column/, { unit: 'pages' });
});

t.test('capacities in bytes', async (t) => {
  t.equal(parseByteCapacities('1000,5000'), undefined);
  t.strictSame(parseByteCapacities('64MB, 64MiB,1.5gb,7B,1 TiB'), [64e6, 2 ** 26, 1.5e9, 7, 2 ** 40]);
  const message = /^--capacity: “.*” is not a number of bytes; give .* for example 64MB,1GiB$/;
  for (const wrong of ['64MB,1000', '0KB', '1.5B', '64XB', '1e9B', '99999999TB', '5K']) {
    t.throws(() => parseByteCapacities(wrong), { message }, wrong);
  }
});
