import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PROGRAM } from '../program.ts';

function onebit(...args: string[]) {
  return spawnSync('env', [...PROGRAM, ...args], { encoding: 'utf8' });
}

t.test('certify prints the ratio or the frontier, with worst cycles', async (t) => {
  const ratio = onebit('certify', 'lru', '--k', '2');
  t.equal(ratio.status, 0);
  t.match(ratio.stdout, /Competitive ratio exactly 2\n/);
  t.match(ratio.stdout, /Worst cycle for α ≥ 2\n +start +0 1\n +repeat +2 0 1/);
  const frontier = onebit('certify', 'flush-when-all-0s', '--k', '2', '--pages', '4');
  t.match(frontier.stdout, /\(α, β, γ\) = \(1, 1, 1\)/);
  t.match(frontier.stdout, /\(α, β, γ\) = \(2, 0, 1\)/);
});

t.test('with --json certify prints one record and nothing else', async (t) => {
  const { status, stdout, stderr } = onebit('certify', 'lazy-flush-when-all-0s', '--k', '2', '--json');
  t.equal(status, 0);
  t.equal(stderr, '');
  const record = JSON.parse(stdout);
  t.match(record, { policy: 'lazy-flush-when-all-0s', k: 2, pages: 4, competitive: true });
  t.strictSame(
    record.lfd.vertices.map(({ alpha, beta, gamma }: Record<string, string>) => [alpha, beta, gamma]),
    [
      ['1', '1', '1'],
      ['2', '0', '1'],
    ],
  );
});

t.test('for a range of sizes there is a certificate for each, and a table of what they say', async (t) => {
  const { status, stdout } = onebit('certify', 'discard(lru)', '--k', '1..3');
  t.equal(status, 0);
  t.match(
    stdout,
    /discard\(lru\), k = 1, 3 pages[\s\S]+discard\(lru\), k = 2, 4 pages[\s\S]+discard\(lru\), k = 3, 5 pages/,
  );
  t.match(
    stdout,
    /\n1 +any number +α ≥ 1\n2 +any number +[^\n]*α \+ β ≥ 2[^\n]*\n3 +up to 5 +[^\n]*α \+ β ≥ 3[^\n]*\n$/,
  );
  const lines = onebit('certify', 'lru', '--k', '2..3', '--pages', '6', '--json')
    .stdout.trimEnd()
    .split('\n');
  t.strictSame(
    lines.map((line) => JSON.parse(line)).map(({ k, pages }) => [k, pages]),
    [
      [2, 6],
      [3, 6],
    ],
  );
});

t.test('with --out certify writes the worst cycle as an instance', async (t) => {
  const file = join(t.testdir(), 'worst.json');
  const { status, stdout } = onebit('certify', 'discard(lru)', '--k', '2', '--json', '--out', file);
  t.equal(status, 0);
  const instance = JSON.parse(readFileSync(file, 'utf8'));
  const { faces } = JSON.parse(stdout).lfd;
  t.strictSame(
    instance,
    faces.find((face: Record<string, string>) => face.constraint === 'α + β ≥ 2').instance,
  );
  t.match(instance, { capacity: 2, seed: 1 });
  t.equal(instance.pages.length, instance.predictions.length);
});

t.test('bad input is one line and exit status 1', async (t) => {
  for (const args of [
    ['lru', '--k', 'x'],
    ['lro', '--k', '3'],
    ['lru', '--k', '3', '--pages', '3'],
    ['lru'],
    ['lru', '--k', '3..2'],
    ['lru', '--k', '2..3', '--out', 'worst.json'],
    ['lru', '--k', '2', '--out', '/dev/null/worst.json'],
  ]) {
    const { status, stdout, stderr } = onebit('certify', ...args);
    t.equal(status, 1, args.join(' '));
    t.equal(stdout, '');
    t.match(stderr, /^onebit: [^\n]+\n$/);
  }
});
