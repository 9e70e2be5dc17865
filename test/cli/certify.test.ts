import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';

function onebit(...args: string[]) {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const main = join(process.cwd(), 'src/cli/main.ts');
  return spawnSync(process.execPath, ['--import', loader, main, ...args], { encoding: 'utf8' });
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
    record.vertices.map(({ alpha, beta, gamma }: Record<string, string>) => [alpha, beta, gamma]),
    [
      ['1', '1', '1'],
      ['2', '0', '1'],
    ],
  );
});

t.test('bad input is one line and exit status 1', async (t) => {
  for (const args of [
    ['lru', '--k', 'x'],
    ['lro', '--k', '3'],
    ['lru', '--k', '3', '--pages', '3'],
    ['lru'],
  ]) {
    const { status, stdout, stderr } = onebit('certify', ...args);
    t.equal(status, 1, args.join(' '));
    t.equal(stdout, '');
    t.match(stderr, /^onebit: [^\n]+\n$/);
  }
});
