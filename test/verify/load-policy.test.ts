import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

const folder = mkdtempSync(join(tmpdir(), 'onebit-'));

function file(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

/** What comes of loading each subject, in a process of its own: the loader of the tests would stand in the way. */
function load(subjects: readonly string[]): Record<string, string>[] {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const script = join(process.cwd(), 'test/verify/print-loaded.ts');
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', loader, script, ...subjects], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const DEFINITION = "{ summary: 'mine', reference: 'none', create: () => ({}) as never }";
const PLAIN = DEFINITION.replace(' as never', '');

t.test(
  'a policy file exports its definition as default or as policy, in TypeScript or JavaScript',
  async (t) => {
    const paths = [
      file('default.ts', `interface Unused { readonly a: number }\nexport default ${DEFINITION};`),
      file('named.mts', `export const policy = ${DEFINITION};`),
      file('plain.mjs', `export const policy = ${PLAIN};`),
      file('common.cjs', `module.exports.policy = ${PLAIN};`),
    ];
    t.strictSame(
      load(paths),
      paths.map((name) => ({ name, summary: 'mine', needs: 'nothing' })),
    );
    t.equal(load(['discard(lru)'])[0].needs, 'discard bit');
  },
);

t.test('a file that cannot be used is refused in one line that names it', async (t) => {
  const cases = [
    ['export const policy = {\n  create: = 3,\n};\n', 'does not compile: line 2, column 11: Unexpected "="'],
    ['export {};', 'exports no policy with create(run); export a PolicyDefinition as default or as policy'],
    ['export default { summary: "no" };', 'exports no policy with create(run)'],
    ['throw new Error("no\\nluck");', 'cannot be loaded: no luck'],
    ['import "./nowhere.ts";', 'cannot be loaded: '],
    [`export default { ...${DEFINITION}, wraps: 1 };`, 'wraps other policies'],
    [
      `export default { ...${DEFINITION}, needs: (wrapped: any) => wrapped[0].needs };`,
      'its definition throws TypeError',
    ],
    [
      `export default { ...${DEFINITION}, needs: () => 'luck' };`,
      'needs “luck”, which nothing predicts; choose one of',
    ],
  ];
  const paths = cases.map(([code], i) => file(`bad-${i}.ts`, code));
  const failures = load([...paths, 'missing.ts', 'lruu']).map(({ failure }) => failure);
  cases.forEach(([, reason], i) => {
    t.ok(failures[i].startsWith(`${paths[i]}: ${reason}`) && !failures[i].includes('\n'), failures[i]);
  });
  t.match(failures.at(-2), /^missing\.ts: no such file/);
  t.match(failures.at(-1), /did you mean lru\?/);
});
