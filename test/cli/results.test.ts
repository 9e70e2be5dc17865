import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import t from 'tap';
import { commandLine } from '../../src/cli/command-line.ts';
import { readTrace } from '../../src/index.ts';
import { Failure } from '../../src/support/failure.ts';
import { traceChecksum } from '../../src/traces/checksum.ts';

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

process.chdir(folder);

/** Runs a command inside this process, since starting one takes longer than all that is asked of it here. */
async function onebit(...args: string[]): Promise<string> {
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  const { log } = console;
  let text = '';
  console.log = (line = '') => (text += `${line}\n`);
  try {
    await commandLine(args).parseAsync();
  } finally {
    console.log = log;
  }
  return text;
}

const records = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

t.test('a sweep runs only what is not in the store, and comes to the same', async (t) => {
  const first = await onebit('sweep', 'small.json', '--json');
  const again = await onebit('sweep', 'small.json', '--json', '--out', 'out');
  t.equal(records(first).length, 16);
  t.equal(first, again);
  t.equal(readdirSync(join(folder, '.onebit')).length, 1, 'nothing is written where nothing is run');
  const manifest = JSON.parse(readFileSync(join(folder, 'out/manifest.json'), 'utf8'));
  t.match(manifest, { command: 'onebit sweep small.json --json --out out', failures: 0, interrupted: false });
  t.match(manifest.libraries, { '@tensorflow/tfjs-core': /^4\./, '@tensorflow/tfjs-backend-wasm': /^4\./ });
  const { checksum, blockAccesses, remembered, backend } = manifest.traces[0];
  t.strictSame([blockAccesses, remembered, backend], [400, 16, null]);
  t.equal(checksum, traceChecksum(readTrace('pages.txt')));
  const larger = await onebit('sweep', 'larger.json', '--json');
  t.equal(larger, await onebit('sweep', 'larger.json', '--json', '--no-store'));
});

t.test('results are asked for in any spelling, and exported whole', async (t) => {
  const text = await onebit('results', '--policy', 'discard(marker),lru', '--capacity', '9,5', '--json');
  const found = records(text);
  t.strictSame(
    found.map(({ policy, capacity, seed }) => `${policy} ${capacity} ${seed}`),
    [5, 9].flatMap((capacity) => [
      `lru ${capacity} null`,
      ...[1, 2, 3].map((seed) => `lazy-mark0 ${capacity} ${seed}`),
    ]),
  );
  t.equal(records(await onebit('results', '--predictions', 'none, perfect', '--json')).length, 24);
  const predicted = records(await onebit('results', '--predictions', ' perfect', '--json'));
  t.strictSame(new Set(predicted.map(({ policy }) => policy)), new Set(['lazy-mark0']));
  for (const file of ['all.csv', 'all.parquet']) await onebit('results', '--out', file);
  const all = records(await onebit('results', '--json'));
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

t.test('a policy or a source of bits that does not exist is refused', async (t) => {
  await t.rejects(
    onebit('results', '--policy', 'lur'),
    new Failure('unknown policy “lur”; did you mean lru?'),
  );
  await t.rejects(onebit('results', '--predictions', 'flop:0.1'), { message: /flop:0\.1/ });
});
