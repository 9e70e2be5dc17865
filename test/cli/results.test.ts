import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import t from 'tap';

const pages = Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 47).join('\n');
const small = { trace: 'pages.txt', policies: ['random', 'lazy-mark0'], capacities: [5, 20], seeds: 3 };
const folder = t.testdir({
  'pages.txt': pages,
  'small.json': JSON.stringify(small),
  'larger.json': JSON.stringify({
    ...small,
    capacities: [5, 9, 20],
    policies: ['discard(marker)', 'random'],
  }),
});

function onebit(...args: string[]) {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const main = join(process.cwd(), 'src/cli/main.ts');
  const options = { cwd: folder, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, ['--import', loader, main, ...args], options);
}

const records = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

t.test('a sweep runs only what is not in the store, and comes to the same', async (t) => {
  const first = onebit('sweep', 'small.json', '--json');
  const again = onebit('sweep', 'small.json', '--json', '--out', 'out');
  t.equal(first.stdout, again.stdout);
  t.equal(readdirSync(join(folder, '.onebit')).length, 1, 'nothing is written where nothing is run');
  const manifest = JSON.parse(readFileSync(join(folder, 'out/manifest.json'), 'utf8'));
  t.match(manifest, { command: 'onebit sweep small.json --json --out out', failures: 0, interrupted: false });
  t.equal(manifest.traces[0].remembered, 16);
  const larger = onebit('sweep', 'larger.json', '--json');
  t.equal(larger.stdout, onebit('sweep', 'larger.json', '--json', '--no-store').stdout);
});

t.test('results are asked for in any spelling, and exported whole', async (t) => {
  const { stdout } = onebit('results', '--policy', 'discard(marker),lru', '--capacity', '9,5', '--json');
  const found = records(stdout);
  t.strictSame(
    found.map(({ policy, capacity, seed }) => `${policy} ${capacity} ${seed}`),
    [5, 9].flatMap((capacity) => [
      `lru ${capacity} null`,
      ...[1, 2, 3].map((seed) => `lazy-mark0 ${capacity} ${seed}`),
    ]),
  );
  for (const file of ['all.csv', 'all.parquet']) t.equal(onebit('results', '--out', file).status, 0);
  const all = records(onebit('results', '--json').stdout);
  t.equal(all.length, 24);
  const [heading, ...lines] = readFileSync(join(folder, 'all.csv'), 'utf8').trimEnd().split('\n');
  t.strictSame(heading.split(','), Object.keys(all[0]));
  t.equal(lines.length, 24);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, 'all.parquet')) });
  const plain = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, x]) => [name, typeof x === 'bigint' ? Number(x) : x])),
  );
  t.strictSame(plain, all);
});

t.test('a policy that does not exist is refused', async (t) => {
  const { status, stdout, stderr } = onebit('results', '--policy', 'lur');
  t.strictSame([status, stdout, stderr], [1, '', 'onebit: unknown policy “lur”; did you mean lru?\n']);
});
