/** The notebooks run from the first cell to the last, and show what this state of the library shows. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { execute, NOTEBOOKS } from '../../notebooks/execute.ts';

/** Deno is fetched once, and not with the project: it is larger than everything else together. */
const TOOLS = join(process.cwd(), 'notebooks/.deno');
const DENO = join(TOOLS, 'node_modules/.bin/deno');

/** Weights of a network may differ in their last digits from one machine to the next, and tables with them. */
const TRAINED = '03-training.ipynb';

interface Output {
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

t.setTimeout(600_000);

t.test('the code of the notebooks has no type errors: nothing checks it when it runs', async (t) => {
  const sources = new Map(NOTEBOOKS.map((name) => [resolve('notebooks', `${name}.ts`), code(name)]));
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const readFile = (path: string) => sources.get(resolve(path)) ?? ts.sys.readFile(path);
  const fileExists = (path: string) => sources.has(resolve(path)) || ts.sys.fileExists(path);
  const getSourceFile: typeof host.getSourceFile = (path, target) => {
    const text = readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...sources.keys()], options, {
    ...host,
    readFile,
    fileExists,
    getSourceFile,
  });
  t.equal(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host), '');
});

const trouble = prepare();
for (const name of NOTEBOOKS) {
  t.test(`${name} runs and shows what it is committed with`, { skip: trouble ?? false }, async (t) => {
    const folder = t.testdir();
    t.equal(execute(name, folder, DENO), undefined);
    if (name === TRAINED) {
      const closed = /\| discard\(lru\) \| trained \| [.\d]+ \| ([-.\d]+)% \|/;
      const [was, is] = ['notebooks', folder].map((at) =>
        Number(shown(join(at, name)).join('\n').match(closed)?.[1]),
      );
      t.ok(was > 50 && Math.abs(is - was) < 5, `bits close ${is}% of the gap, ${was}% as committed`);
      return;
    }
    t.strictSame(shown(join(folder, name)), shown(join('notebooks', name)));
  });
}

/** The cells of a notebook as one module. */
function code(name: string): string {
  const { cells } = JSON.parse(readFileSync(join('notebooks', name), 'utf8')) as {
    cells: { cell_type: string; source: string | readonly string[] }[];
  };
  return cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
    .join('\n');
}

/** What the cells show, one text each. */
function shown(path: string): string[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: { outputs?: Output[] }[] };
  const whole = (text: string | readonly string[] = '') => (typeof text === 'string' ? text : text.join(''));
  return cells.flatMap(({ outputs = [] }) =>
    outputs.map(({ text, data }) => whole(text) + Object.values(data ?? {}).map(whole)),
  );
}

/** @returns why notebooks cannot be executed here, where they cannot */
function prepare(): string | undefined {
  if (spawnSync('jupyter', ['nbconvert', '--version']).status !== 0) {
    const packages = ['jupyter-nbconvert', 'python3-ipykernel'];
    const options = [
      '-o',
      'DPkg::Lock::Timeout=300',
      'install',
      '--yes',
      '--no-install-recommends',
      ...packages,
    ];
    spawnSync('apt-get', ['update']);
    if (spawnSync('apt-get', options).status !== 0)
      return 'jupyter nbconvert is missing and cannot be installed';
  }
  if (!existsSync(DENO)) {
    mkdirSync(TOOLS, { recursive: true });
    const { status } = spawnSync('npm', ['install', '--no-save', '--prefix', TOOLS, 'deno@2.9']);
    if (status !== 0) return 'Deno cannot be installed from npm';
  }
  return undefined;
}
