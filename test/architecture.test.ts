/** The rooms of src/ as tests: which may import which, how long a file may be, what it may be called. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import t from 'tap';

/** The rooms below each room; a file may also import from its own. `catalog` is the two files right in policies/. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  support: [],
  paging: ['support'],
  'policies/classical': ['paging', 'support'],
  'policies/augmented': ['paging', 'support'],
  traces: ['paging', 'support'],
  features: ['traces', 'paging', 'support'],
  kvcache: ['paging', 'support'],
  catalog: ['policies/classical', 'policies/augmented', 'paging', 'support'],
  predictors: ['features', 'paging', 'support'],
  training: ['predictors', 'features', 'traces', 'paging', 'support'],
  simulator: ['catalog', 'predictors', 'features', 'traces', 'kvcache', 'paging', 'support'],
  verify: ['catalog', 'paging', 'support'],
  store: ['simulator', 'catalog', 'predictors', 'features', 'traces', 'paging', 'support'],
  queue: ['simulator', 'paging', 'support'],
  report: ['simulator/result.ts', 'support'],
  plugin: ['kvcache', 'catalog', 'predictors', 'features', 'traces', 'paging', 'support'],
};

const SOURCE = new URL('../src', import.meta.url).pathname;
const ROOT = dirname(SOURCE);

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => join(folder, path));
}

interface Import {
  readonly target: string;
  /** Erased by the compiler, so nothing is loaded. */
  readonly typeOnly: boolean;
  /** `import()`: loaded when it is reached. */
  readonly dynamic: boolean;
}

function importsOf(file: string): Import[] {
  const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const [, clause, target] of code.matchAll(
    /^(?:import|export)\s([^'";]*?from\s*)?['"]([^'"]+)['"]/gm,
  )) {
    const names = clause?.match(/\{([\s\S]*)\}/)?.[1].split(',') ?? [];
    const written = names.filter((name) => name.trim() !== '');
    const onlyTypes = written.length > 0 && written.every((name) => name.trim().startsWith('type '));
    const typeOnly = /^type\s/.test(clause ?? '') || (onlyTypes && !/^\s*\w+\s*,/.test(clause ?? ''));
    found.push({ target, typeOnly, dynamic: false });
  }
  for (const [, target] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) {
    found.push({ target, typeOnly: false, dynamic: true });
  }
  return found;
}

/** The room of a file of src/, or its own name where it stands in none. */
function roomOf(file: string): string {
  const path = relative(SOURCE, file);
  const [folder, inner] = path.split('/');
  if (folder !== 'policies') return folder;
  return inner.endsWith('.ts') ? 'catalog' : `policies/${inner}`;
}

const sources = filesUnder(SOURCE);

t.test('a file imports only from its own room and from the rooms below it', async (t) => {
  for (const file of sources) {
    const room = roomOf(file);
    // The command line may import everything; so may the entry points beside the rooms.
    if (room === 'cli' || room.endsWith('.ts')) continue;
    const below = ROOMS[room] ?? assert.fail(`src/${room} is in no row of the table`);
    const foreign = importsOf(file)
      .filter(({ target }) => target.startsWith('.'))
      .map(({ target }) => join(dirname(file), target))
      .filter(
        (target) =>
          ![room, ...below].some(
            (allowed) => allowed === roomOf(target) || allowed === relative(SOURCE, target),
          ),
      );
    t.strictSame(
      foreign.map((target) => relative(SOURCE, target)),
      [],
      relative(ROOT, file),
    );
  }
});

t.test('every relative import names an existing file, with its extension', async (t) => {
  for (const file of sources) {
    for (const { target } of importsOf(file)) {
      if (target.startsWith('.'))
        t.ok(existsSync(join(dirname(file), target)), `${relative(ROOT, file)}: ${target}`);
    }
  }
});

t.test('only src/training imports TensorFlow.js', async (t) => {
  for (const file of sources) {
    const loads = importsOf(file).some(({ target }) => target.startsWith('@tensorflow/'));
    t.ok(!loads || roomOf(file) === 'training', relative(ROOT, file));
  }
});

t.test(
  'loading the library, the plugin or the command line loads neither TensorFlow.js nor a queue',
  async (t) => {
    for (const entry of [
      'index.ts',
      'plugin/index.ts',
      'plugin/node-llama-cpp/index.ts',
      'verify/index.ts',
      'verify/run/worker.ts',
      'cli/main.ts',
    ]) {
      if (!existsSync(join(SOURCE, entry))) continue;
      const loaded = new Set([join(SOURCE, entry)]);
      for (const file of loaded) {
        for (const { target, typeOnly, dynamic } of importsOf(file)) {
          if (typeOnly || dynamic) continue;
          t.notOk(
            target.startsWith('@tensorflow/') || target === 'bullmq' || target === 'ioredis',
            `${entry} loads ${target} through ${relative(ROOT, file)}`,
          );
          if (target.startsWith('.')) loaded.add(join(dirname(file), target));
        }
      }
    }
  },
);

t.test('the library loads nothing that only a server needs', async (t) => {
  const loaded = new Set([join(SOURCE, 'index.ts')]);
  for (const file of loaded) {
    for (const { target, typeOnly, dynamic } of importsOf(file)) {
      if (typeOnly || dynamic) continue;
      t.notMatch(target, /^(prom-client|zeromq|msgpackr|node:https?)$/, relative(ROOT, file));
      if (target.startsWith('.')) loaded.add(join(dirname(file), target));
    }
  }
});

const folders = ['src', 'test', 'bench', 'experiments'].map((folder) => join(ROOT, folder));
const everything = folders.flatMap(filesUnder);
const lineCount = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;

t.test('no file is longer than 300 lines, and half of them are no longer than 120', async (t) => {
  for (const file of everything) {
    const lines = lineCount(file);
    t.ok(
      lines <= 300,
      `${relative(ROOT, file)} has ${lines} lines; give each thing it does a file of its own`,
    );
  }
  const lengths = sources.map(lineCount).sort((a, b) => a - b);
  t.ok(lengths[lengths.length >> 1] <= 120, `median of src is ${lengths[lengths.length >> 1]} lines`);
});

t.test('files and folders are named for what they hold', async (t) => {
  const vague =
    /(^|[-/.])(utils?|utilities|helpers?|misc|common|items?|objects?|entry|entries|strateg(y|ies))([-/.]|$)/;
  for (const file of everything) t.notMatch(relative(ROOT, file), vague);
  for (const file of everything) t.match(basename(file), /^[a-z0-9-]+(\.test)?\.ts$/);
});

t.test('every experiment says in a README what it is about and how it is run', async (t) => {
  const experiments = readdirSync(join(ROOT, 'experiments'));
  t.ok(experiments.length > 10);
  for (const name of experiments) {
    const path = join(ROOT, 'experiments', name, 'README.md');
    const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
    t.match(readme, /^# \S/, `${name}: a README.md that begins with its question`);
    t.match(readme, /\b(npx|node|python|bash) \S/, `${name}: its command`);
  }
});
