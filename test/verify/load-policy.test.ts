import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadPolicy } from '../../src/verify/run/load-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'onebit-'));

function file(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

const DEFINITION = "{ summary: 'mine', reference: 'none', create: () => ({}) as never }";

t.test(
  'a policy file exports its definition as default or as policy, in TypeScript or JavaScript',
  async (t) => {
    for (const path of [
      file('default.ts', `interface Unused { readonly a: number }\nexport default ${DEFINITION};`),
      file('named.mts', `export const policy = ${DEFINITION};`),
      file('plain.mjs', `export const policy = ${DEFINITION.replace(' as never', '')};`),
      file('common.cjs', `module.exports.policy = ${DEFINITION.replace(' as never', '')};`),
    ]) {
      const { name, summary, needs, randomised } = await loadPolicy(path);
      t.strictSame(
        { name, summary, needs, randomised },
        { name: path, summary: 'mine', needs: 'nothing', randomised: false },
      );
    }
    t.equal((await loadPolicy('discard(lru)')).needs, 'discard bit');
  },
);

t.test('a file that cannot be used is refused in one line that names it', async (t) => {
  for (const [code, reason] of [
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
  ]) {
    const path = file('bad.ts', code);
    await t.rejects(loadPolicy(path), { name: 'Failure', message: `${path}: ${reason}` }, reason);
  }
  await t.rejects(loadPolicy('missing.ts'), { message: /^missing\.ts: no such file/ });
  await t.rejects(loadPolicy('lruu'), { message: /did you mean lru\?/ });
});
