/** The example of a policy of one's own does what its README says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { policy } from '../../experiments/own-policy/policy.ts';
import { competitive } from '../../src/paging/guarantee.ts';
import { laws } from '../../src/verify/index.ts';

const FOLDER = join(process.cwd(), 'experiments/own-policy');

t.test('its test file holds it to every law that it declares', async (t) => {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const args = ['--import', loader, '--test', '--test-reporter=tap', join(FOLDER, 'policy.test.ts')];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  t.equal(status, 0, stdout);
  for (const { name } of laws(policy)) t.match(stdout, `- ${name}: `);
});

t.test('the test file is as short as the README says', async (t) => {
  const lines = readFileSync(join(FOLDER, 'policy.test.ts'), 'utf8').trim().split('\n');
  t.equal(lines.length, 5);
});

t.test('the promise of less than k that the README proposes is refuted', async (t) => {
  const guarantee = competitive((k) => k - 0.5, 'wishful thinking');
  for (const { name, check } of laws({ ...policy, guarantee })) {
    if (name === 'guarantee' || name === 'lower bounds') t.throws(check, { message: /replay:/ }, name);
  }
});
