/** The example of a policy of one's own does what its README says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const TEST_FILE = join(process.cwd(), 'experiments/own-policy/policy.test.ts');
const LAWS = [
  'victims',
  'hits',
  'protection',
  'marking',
  'causality',
  'reproducibility',
  'coins',
  'guarantee',
  'lower bounds',
];

t.test('its test file holds it to every law that it declares, and all hold', async (t) => {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  // The runner's own variables would have Node write for another reader.
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
  const args = ['--import', loader, '--test', '--test-reporter=tap', TEST_FILE];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  t.equal(status, 0, stdout);
  for (const name of LAWS) t.match(stdout, new RegExp(`^ *ok \\d+ - ${name}: `, 'm'), name);
});

t.test('the test file is as short as the README says', async (t) => {
  t.equal(readFileSync(TEST_FILE, 'utf8').trim().split('\n').length, 5);
});
