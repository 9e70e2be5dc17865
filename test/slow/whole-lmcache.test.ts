/** LMCache as published, its engine and its local CPU store, with this package's policy in it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { tellReport } from '../plugins/pytest-report.ts';
import { type Environment, LMCACHE, WHOLE, wholeEngine } from '../plugins/whole-engine.ts';

t.setTimeout(900_000);
const environment = wholeEngine(LMCACHE);
if (typeof environment === 'string') t.pass('a whole LMCache', { skip: environment });
else await t.test('a whole LMCache', async (t) => run(t, environment));

function run(t: Test, { python }: Environment): void {
  const report = join(mkdtempSync(join(tmpdir(), 'onebit-whole-')), 'report.xml');
  const args = ['-m', 'pytest', '-p', 'no:cacheprovider', `--junitxml=${report}`, 'lmcache_engine.py'];
  const { status, stdout, stderr } = spawnSync(python, args, {
    encoding: 'utf8',
    cwd: WHOLE,
    env: {
      ...process.env,
      PYTHONPATH: dirname(WHOLE),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONHASHSEED: '0',
      LMCACHE_TRACK_USAGE: 'false',
      LMCACHE_LOG_LEVEL: 'ERROR',
    },
  });
  t.ok(status === 0 || status === 1, `pytest ends (${status}): ${status === 0 ? '' : stdout + stderr}`);
  tellReport(t, readFileSync(report, 'utf8'), 3);
}
