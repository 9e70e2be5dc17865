import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { PROGRAM } from '../program.ts';

const pages = Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 47);
const folder = t.testdir({ 'good.txt': `${pages.join('\n')}\n`, 'one.txt': '7\n', 'bad.txt': '1\n2.5\n' });

function onebit(...args: string[]) {
  const options = { encoding: 'utf8', cwd: folder } as const;
  return spawnSync('env', [...PROGRAM, 'curve', ...args], options);
}

function records(...args: string[]) {
  const { status, stdout, stderr } = onebit(...args, '--json');
  t.strictSame([status, stderr], [0, ''], stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

t.test('--json gives one record for each capacity at which a curve changes, and nothing else', async (t) => {
  const sequence = readTrace(join(folder, 'good.txt')).blocks;
  const found = new Map(records('good.txt').map((record) => [record.capacity, record]));
  t.ok(found.has(1));
  let current = found.get(1);
  for (let capacity = 1; capacity <= sequence.pageCount + 1; capacity++) {
    const lruFaults = simulate({ sequence, policy: findPolicy('lru'), capacity, seed: 1 });
    const optFaults = optimalFaults(sequence, capacity);
    const changes = lruFaults !== current.lruFaults || optFaults !== current.optFaults;
    t.equal(found.has(capacity), changes || capacity === 1, `${capacity}`);
    current = found.get(capacity) ?? current;
    t.strictSame(current, {
      trace: 'good.txt',
      capacity: current.capacity,
      requests: 400,
      lruFaults,
      optFaults,
      lruHitRatio: 1 - lruFaults / 400,
      optHitRatio: 1 - optFaults / 400,
    });
  }
});

t.test('--capacity chooses capacities, also beyond the number of pages', async (t) => {
  const chosen = records('good.txt', '--capacity', '1000000,5');
  t.strictSame(
    chosen.map(({ capacity }) => capacity),
    [5, 1_000_000],
  );
  t.equal(chosen[1].lruFaults, new Set(pages).size);
  t.equal(chosen[1].optFaults, new Set(pages).size);
});

t.test('the table has about twenty capacities, from 1 to the last that matters', async (t) => {
  const { status, stdout } = onebit();
  t.equal(status, 0);
  const capacities = [...stdout.matchAll(/^ *([\d,]+) +[\d.]+% +[\d.]+% +[\d.]+%/gm)].map(
    ([, number]) => number,
  );
  t.ok(capacities.length >= 15 && capacities.length <= 21, `${capacities.length}`);
  t.equal(capacities[0], '1');
  t.match(onebit('one.txt').stdout, /^ +1 +0\.0% +0\.0% +0\.0%$/m);
});

t.test('--out writes a figure that stands alone', async (t) => {
  const { status, stderr } = onebit('good.txt', '--out', 'figures/curve.svg');
  t.equal(status, 0, stderr);
  const svg = readFileSync(join(folder, 'figures', 'curve.svg'), 'utf8');
  t.match(svg, /^<svg[\s\S]*<\/svg>$/);
  t.notMatch(svg, /<script|https?:\/\/(?!www\.w3\.org)|NaN/);
});

t.test('--sample estimates LRU alone, says the error and draws both curves', async (t) => {
  const { status, stdout, stderr } = onebit('good.txt', '--sample', '9', '--out', 'sample.svg');
  t.equal(status, 0, stderr);
  t.match(stdout, /Mean of 5 samples of about one page in [\d.]+;/);
  t.match(
    stdout,
    /Mean absolute error over all capacities [\d.]+%, largest [\d.]+% at \d+, within the resolution [\d.]+%\./,
  );
  const svg = readFileSync(join(folder, 'sample.svg'), 'utf8');
  for (const label of ['LRU exact', 'LRU estimated']) t.match(svg, `>${label}</text>`);
});

t.test('bad input ends with exit code 1 and one line that names the place and the remedy', async (t) => {
  const cases: [string[], RegExp][] = [
    [['absent.txt'], /absent\.txt: there is no such file; check/],
    [['bad.txt'], /bad\.txt:2: .*2\.5/],
    [['good.txt', '--capacity', '5,0'], /--capacity: “0” is not a positive integer; .*for example/],
    [
      ['good.txt', '--out', 'curve.gif'],
      /--out: “curve\.gif” is not the name of a figure; end it in \.svg or \.png/,
    ],
    [['good.txt', '--sample', '0'], /--sample: must be an integer from 1 to 8388608 pages, for example/],
    [['good.txt', '--out', 'good.txt/curve.svg'], /curve\.svg: cannot be written/],
    [['good.txt', '--polcy', 'lru'], /polcy.*see onebit --help/],
  ];
  for (const [args, expected] of cases) {
    const { status, stderr } = onebit(...args);
    t.equal(status, 1, args.join(' '));
    t.match(stderr, /^onebit: [^\n]+\n$/, `${args.join(' ')}: one line`);
    t.match(stderr, expected);
  }
  t.notOk(existsSync(join(folder, 'curve.gif')));
  t.match(onebit('--help').stdout, /Examples:/);
});
