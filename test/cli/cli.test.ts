import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { PROGRAM } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'onebit-'));

function onebit(...args: string[]) {
  const options = { encoding: 'utf8', cwd: folder } as const;
  const { status, stdout, stderr } = spawnSync('env', [...PROGRAM, ...args], options);
  return { status, stdout, stderr };
}

/** A trace of single pages in a file. */
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const pages = Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 23);
const good = file('good.txt', `${pages.join('\n')}\n`);

const FIELDS = [
  'trace',
  'policy',
  'capacity',
  'predictions',
  'seed',
  'requests',
  'faults',
  'hitRatio',
  'optFaults',
  'faultRatio',
  'gapClosed',
  'eta0',
  'eta1',
  'evaluatedFrom',
];

t.test('compare writes one JSON record a line and nothing else', async (t) => {
  const args = [
    'compare',
    good,
    '--capacity',
    '4,8',
    '--predictions',
    'flip:0.1',
    '--policy',
    'lazy-mark0',
    '--json',
  ];
  const { status, stdout, stderr } = onebit(...args);
  t.equal(status, 0);
  t.equal(stderr, '');
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cells = records.map(({ capacity, policy, predictions }) => `${capacity} ${policy} ${predictions}`);
  const expected = [4, 8].flatMap((k) =>
    ['lru none', 'belady none', 'lazy-mark0 flip:0.1', 'lazy-mark0 inverted'].map((cell) => `${k} ${cell}`),
  );
  t.strictSame(cells, expected);
  for (const record of records) {
    t.strictSame(Object.keys(record), FIELDS);
    t.equal(record.requests, 400);
    t.equal(record.hitRatio, 1 - record.faults / 400);
    t.equal(record.faultRatio, record.faults / record.optFaults);
  }
  t.equal(onebit(...args).stdout, stdout, 'the same seed gives the same records');
});

t.test('a model is trained, written, and used again on requests it has not seen', async (t) => {
  t.equal(onebit('trace', 'generate', '--out', 'chat.jsonl', '--requests', '800').status, 0);
  const trained = onebit('train', 'chat.jsonl', '--capacity', '500', '--out', 'chat.onebit');
  t.equal(trained.status, 0, trained.stderr);
  t.match(trained.stdout, /backend (wasm|tensorflow); (it saved|at 500 blocks it saved no) faults/);
  const { stdout } = onebit(
    ...['compare', 'chat.jsonl', '--capacity', '500', '--policy', 'discard(lru)', '--json'],
    ...['--predictions', 'model:chat.onebit,train,online,online:chat.onebit'],
  );
  const [, , fromFile, fromScratch, online, onlineFromFile] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.ok(fromFile.evaluatedFrom > 0);
  t.strictSame({ ...fromFile, predictions: 'train' }, fromScratch, 'training in place gives the same bits');
  t.strictSame({ ...onlineFromFile, predictions: 'online' }, online, 'and goes on in the same way');
  t.same(
    readdirSync(folder).filter((name) => name.includes('partial')),
    [],
  );
});

t.test('nothing is trained where no policy takes bits, and the same requests are scored', async (t) => {
  const { status, stdout } = onebit('compare', good, '--capacity', '8', '--policy', 'clock');
  t.equal(status, 0);
  t.match(stdout, /Scored: 160 of 400 requests/);
  t.notMatch(stdout, /Model trained/);
});

t.test('compare --out writes a page that stands alone', async (t) => {
  const { status, stderr } = onebit(
    'compare',
    good,
    '--capacity',
    '8',
    '--predictions',
    'perfect',
    '--out',
    'page',
  );
  t.equal(status, 0, stderr);
  const html = readFileSync(join(folder, 'page', 'index.html'), 'utf8');
  t.match(html, /<svg/);
  t.notMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/);
});

t.test('bad input ends with exit code 1 and one line that names the place and the remedy', async (t) => {
  const line = '{"timestamp":0,"input_length":10,"output_length":1,"hash_ids":[1,2]}\n';
  const model = `${JSON.stringify({ schema: 'onebit-model/3', ages: [0, 1], judged: [], features: [{ name: 'x', thresholds: [], mean: 0, deviation: 1 }], layers: [1], trainedOn: { trace: 'a', checksum: 'b', requests: 1 } })}\n`;
  const cases: [string, string[], RegExp][] = [
    [
      'truncated gzip',
      [file('cut.jsonl.gz', gzipSync(line.repeat(99)).subarray(0, 40))],
      /cut\.jsonl\.gz: .*gzip.*again/,
    ],
    ['not JSON', [file('text.jsonl', `${line}{nonsense\n`)], /text\.jsonl:2: .*JSON/],
    ['negative id', [file('negative.jsonl', line.replace('[1,2]', '[1,-2]'))], /negative\.jsonl:1: .*-2/],
    ['fractional id', [file('fraction.txt', '1\n2.5\n')], /fraction\.txt:2: .*2\.5/],
    ['empty trace', [file('empty.txt', '')], /empty\.txt: /],
    ['no such file', ['absent.jsonl'], /absent\.jsonl: /],
    ['capacity 0', [good, '--capacity', '0'], /--capacity: “0” is not a positive integer; .*for example/],
    ['capacity 1.5', [good, '--capacity', '1.5'], /--capacity: “1\.5”/],
    ['capacity text', [good, '--capacity', 'big'], /--capacity: “big”/],
    [
      'unknown policy',
      [good, '--policy', 'lazy-mark'],
      /unknown policy “lazy-mark”; did you mean lazy-mark0\?/,
    ],
    [
      'unbalanced policy',
      [good, '--policy', 'discard(lru'],
      /policy “discard\(lru”, character \d+: expected “\)”/,
    ],
    ['unknown predictions', [good, '--predictions', 'psychic'], /unknown predictions “psychic”; use/],
    ['flip beyond 1', [good, '--predictions', 'flip:2'], /predictions “flip:2”: the probability/],
    [
      'phase bits from a model',
      [good, '--capacity', '4', '--policy', 'mark-and-predict'],
      /mark-and-predict needs phase bits, but .*--predictions perfect/,
    ],
    [
      'other schema',
      [good, '--predictions', `model:${file('o.onebit', '{"schema":"x"}\n')}`],
      /o\.onebit:1: has schema "x"/,
    ],
    [
      'other features',
      [good, '--predictions', `model:${file('f.onebit', model)}`],
      /f\.onebit:1: was trained on other/,
    ],
    ['seed', [good, '--seed', 'x'], /--seed: must be an integer/],
    ['train fraction', [good, '--train-fraction', '1.5'], /--train-fraction between 0 and 1/],
    ['unknown option', [good, '--polcy', 'lru'], /polcy.*see onebit --help/],
    [
      'page onto a file',
      [good, '--predictions', 'perfect', '--capacity', '4', '--out', 'good.txt'],
      /good\.txt/,
    ],
  ];
  for (const [name, args, expected] of cases) {
    const { status, stderr } = onebit('compare', ...args);
    t.equal(status, 1, name);
    t.match(stderr, /^onebit: [^\n]+\n$/, `${name}: one line`);
    t.match(stderr, expected, name);
  }
  t.same(
    readdirSync(folder).filter((name) => name.includes('partial')),
    [],
    'nothing half-written',
  );
});

t.test('variables set options; those of other commands and of the engines are no mistake', async (t) => {
  const variables = { ONEBIT_SEED: '7', ONEBIT_STORE: 'kept', ONEBIT_POLICY_FILE: 'policy.json' };
  const run = (...args: string[]) =>
    spawnSync('env', [...PROGRAM, ...args], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, ...variables },
    });
  const { status, stdout } = run('compare', good, '--capacity', '4', '--policy', 'random', '--json');
  t.equal(status, 0);
  t.equal(JSON.parse(stdout.split('\n')[0]).seed, 7);
  t.match(
    run('policies', '--policy-file', 'x').stderr,
    /Unknown argument.*policy-file/,
    'but on the line it is',
  );
});

t.test('every command has help with an example', async (t) => {
  for (const command of ['compare', 'train', 'policies'])
    t.match(onebit(command, '--help').stdout, /onebit[\s\S]*Examples:/, command);
});

t.test('the list of policies tells what each promises, and how sure that is', async (t) => {
  const { status, stdout } = onebit('policies', '--json', '--k', '4');
  t.equal(status, 0);
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const named = (wanted: string) => records.find(({ name }) => name === wanted);
  t.match(named('flush-when-all-0s'), {
    needs: 'discard bit',
    standing: 'proved',
    alpha: 1,
    beta: 3,
    gamma: 1,
  });
  t.match(named('lazy-mark0'), { randomised: true, standing: 'derived', k: 4, alpha: 1, gamma: 1 });
  t.match(named('sieve'), { needs: 'nothing', standing: 'empirical', alpha: undefined });
  t.match(
    onebit('policies').stdout,
    /\n {4}proved, k = 8: faults ≤ 8·OPT\n[\s\S]*\n {4}empirical: no bound with constants\n/,
  );
});
