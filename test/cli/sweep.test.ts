import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PROGRAM } from '../program.ts';

const pages = Array.from({ length: 400 }, (_, i) => (i * i + 3 * i) % 47).join('\n');
const small = { trace: 'pages.txt', policies: ['lru', 'random', 'mark0'], capacities: [5, 20], seeds: 3 };
const long = { policies: ['clock', 'lirs'], capacities: Array.from({ length: 2000 }, (_, i) => 4000 + i) };
const folder = t.testdir({
  'pages.txt': pages,
  'small.json': JSON.stringify({ ...small, predictions: ['flip:0.1'] }),
  'long.json': JSON.stringify(long),
  'wrong.json': '{"capacity": [5]}',
});

interface End {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `onebit sweep`, and interrupts it once there is something in a file. */
function onebit(args: readonly string[], interruptAfter?: string): Promise<End> {
  const child = spawn('env', [...PROGRAM, 'sweep', ...args], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  if (interruptAfter !== undefined) {
    const path = join(folder, interruptAfter);
    const poll = setInterval(() => {
      if (!existsSync(path) || readFileSync(path, 'utf8').split('\n').length < 4) return;
      clearInterval(poll);
      child.kill('SIGINT');
    }, 20);
  }
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

t.test('every number of workers gives the same lines, in the file and on standard output', async (t) => {
  const one = await onebit(['small.json', '--workers', '1', '--json', '--out', 'deep/one.jsonl']);
  const two = await onebit(['small.json', '--workers', '2', '--json']);
  t.strictSame([one.status, one.stderr], [0, '']);
  t.equal(one.stdout, two.stdout);
  t.equal(one.stdout, readFileSync(join(folder, 'deep/one.jsonl'), 'utf8'));
  const records = one.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const cells = records.map(
    ({ policy, predictions, capacity, seed }) => `${policy} ${predictions} ${capacity} ${seed}`,
  );
  const expected = [5, 20].flatMap((capacity) => [
    `lru none ${capacity} 1`,
    `belady none ${capacity} 1`,
    ...[1, 2, 3].map((seed) => `random none ${capacity} ${seed}`),
    ...[1, 2, 3].map((seed) => `mark0 flip:0.1 ${capacity} ${seed}`),
  ]);
  t.strictSame(cells, expected);
});

t.test('without --json there is a table of means', async (t) => {
  const { status, stdout } = await onebit(['small.json']);
  t.equal(status, 0);
  t.match(stdout, /random +none +3 .* ± /);
  t.match(stdout, /lru +none +1 /);
});

t.test('an interrupt ends a sweep at once, and what has finished can be read', async (t) => {
  const { status, stdout, stderr } = await onebit(
    ['long.json', '--json', '--out', 'long.jsonl'],
    'long.jsonl',
  );
  t.equal(status, 130);
  t.match(stderr, /interrupted/);
  const lines = readFileSync(join(folder, 'long.jsonl'), 'utf8').trimEnd().split('\n');
  t.equal(stdout.trimEnd(), lines.join('\n'));
  t.ok(lines.length >= 3 && lines.length < 8000, `${lines.length} lines`);
  for (const line of lines) t.type(JSON.parse(line).faults, 'number');
});

t.test('a wrong declaration ends with one line', async (t) => {
  const { status, stdout, stderr } = await onebit(['wrong.json']);
  t.equal(status, 1);
  t.equal(stdout, '');
  t.match(stderr, /^onebit: wrong\.json: there is no option “capacity”; did you mean capacities\?\n$/);
});
