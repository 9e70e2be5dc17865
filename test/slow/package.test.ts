/** What is published: small, installs into an empty project, and every entry loads with its types and without TensorFlow.js. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

t.setTimeout(600_000);

/** Largest package, in bytes, traces not counted. */
const LARGEST = 5e6;

/** Far from this project, so that nothing of it is found by accident. */
const project = mkdtempSync(join(tmpdir(), 'onebit-package-'));
t.teardown(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, ...args: string[]) {
  return spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const entries: string[] = Object.keys(manifest.exports).map((entry) => entry.replace('.', manifest.name));

t.before(() => {
  const packing = spawnSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    encoding: 'utf8',
  });
  const [{ filename, files }] = JSON.parse(packing.stdout) as Packed[];
  const traces = files
    .filter(({ path }) => path.startsWith('traces/'))
    .reduce((sum, { size }) => sum + size, 0);
  const whole = files.reduce((sum, { size }) => sum + size, 0);
  t.ok(whole - traces < LARGEST, `${whole - traces} bytes unpacked, without traces`);
  t.notOk(
    files.some(({ path }) => /^(test|src|experiments|bench)\//.test(path)),
    'only what is used is packed',
  );
  writeFileSync(join(project, 'package.json'), '{"name": "empty", "private": true, "type": "module"}');
  const { status, stderr } = run('npm', 'install', '--no-audit', '--no-fund', join(project, filename));
  t.equal(status, 0, stderr);
});

t.test('the command line does the main job', async (t) => {
  const { status, stdout, stderr } = run('npx', 'onebit', 'compare', '--json');
  t.equal(status, 0, stderr);
  t.match(stdout, '"predictions":"train"');
  t.equal(run('npx', 'onebit', '--version').stdout.trim(), manifest.version);
});

t.test('every entry has types', async (t) => {
  const lines = entries.map(
    (entry, i) => `import * as entry${i} from '${entry}';\nexport const keys${i} = Object.keys(entry${i});`,
  );
  const example = `import { findPolicy, requestSequence, simulate } from '${manifest.name}';
export const faults: number = simulate({ sequence: requestSequence('abcab'), policy: findPolicy('lru'), capacity: 2, seed: 1 });`;
  const wrong = `import { findPolicy } from '${manifest.name}';\nexport const name: number = findPolicy('lru').name;`;
  writeFileSync(join(project, 'right.ts'), [...lines, example].join('\n'));
  writeFileSync(join(project, 'wrong.ts'), wrong);
  const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  const types = join(process.cwd(), 'node_modules/@types');
  const compile = (file: string) =>
    run(
      process.execPath,
      compiler,
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--typeRoots',
      types,
      '--types',
      'node',
      file,
    );
  const right = compile('right.ts');
  t.equal(right.status, 0, right.stdout);
  t.not(compile('wrong.ts').status, 0, 'and the types are not just any');
});

t.test('every entry loads as a module where TensorFlow.js is not installed at all', async (t) => {
  rmSync(join(project, 'node_modules/@tensorflow'), { recursive: true });
  for (const entry of entries) {
    const code = `console.log(Object.keys(await import('${entry}')).length)`;
    const { stdout, stderr } = run(process.execPath, '--input-type=module', '--eval', code);
    t.ok(Number(stdout) > 0, `${entry} ${stderr}`);
  }
});
