import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PACKAGE = join(process.cwd(), 'plugins/python');
/** What the tests of the engines' package install and make; ignored by git. */
export const WORK = join(PACKAGE, '.test');
const TOOLS = join(WORK, 'tools');
const BUILT = join(WORK, 'package');

/** Of these the engines' own files import the last three. */
const REQUIRED = [
  'pytest~=9.1',
  'hypothesis~=6.170',
  'coverage~=7.17',
  'setuptools~=84.2',
  'numpy',
  'msgspec',
  'typing_extensions',
];

/** Runs Python beside the tests, with the package as built (not its sources), the tools and further variables. */
export function python(args: readonly string[], variables: Record<string, string> = {}) {
  const env = { ...process.env, PYTHONPATH: `${BUILT}:${TOOLS}`, ...variables };
  return spawnSync('python3', args, {
    encoding: 'utf8',
    cwd: join(PACKAGE, 'tests'),
    env,
    maxBuffer: 1 << 26,
  });
}

/**
 * Installs the tools once, builds and installs the package, and fetches the engines' files once, all under `.test`.
 *
 * @returns why that cannot be done, on one line; nothing if all is well
 */
export function prepare(): string | undefined {
  const { stdout, status } = python(['-c', 'import sys; print(sys.version_info >= (3, 9))']);
  if (status !== 0 || stdout.trim() !== 'True') return 'python3 is missing or older than 3.9';
  mkdirSync(WORK, { recursive: true });
  const list = join(TOOLS, 'installed.txt');
  if (!existsSync(list) || readFileSync(list, 'utf8') !== REQUIRED.join('\n')) {
    rmSync(TOOLS, { recursive: true, force: true });
    const failed = install(TOOLS, REQUIRED);
    if (failed !== undefined) return failed;
    writeFileSync(list, REQUIRED.join('\n'));
  }
  for (const made of [BUILT, join(PACKAGE, 'build')]) rmSync(made, { recursive: true, force: true });
  return install(BUILT, ['--no-deps', '--no-build-isolation', PACKAGE]);
}

/** Lines about packages that could not be fetched, none if all are there. */
export function fetchEngines(): string[] {
  const { stdout, stderr, status } = python(['fetch_engines.py', join(WORK, 'engines')]);
  return (status === 0 ? stdout : stderr).split('\n').filter((line) => line !== '');
}

function install(target: string, what: readonly string[]): string | undefined {
  const options = [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
    '--no-compile',
  ];
  const { status, stderr } = python(['-m', 'pip', ...options, '--target', target, ...what]);
  if (status === 0) return undefined;
  return `pip cannot install ${what.at(-1)}: ${stderr.trim().split('\n').at(-1)}`;
}
