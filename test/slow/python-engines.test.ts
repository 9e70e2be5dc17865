/** The engines' package in Python: built, installed, held to the library's logs and run in the engines' own classes. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { GOLDEN_POLICIES, goldenLog } from '../plugins/operation-log.ts';
import { tellReport } from '../plugins/pytest-report.ts';
import { fetchEngines, prepare, python, WORK } from '../plugins/python.ts';

/** Operations at each of five capacities. */
const LENGTH = 2_200;
const GOLDEN = join(WORK, 'golden');

// A first run installs and fetches.
t.setTimeout(280_000);
const trouble = prepare();
if (trouble !== undefined) {
  t.pass("the engines' package", { skip: trouble });
} else {
  for (const line of fetchEngines()) t.comment(line);
  writeLogs();
  const report = join(WORK, 'report.xml');
  rmSync(report, { force: true });
  const variables = { ONEBIT_GOLDEN: GOLDEN, ONEBIT_ENGINES: join(WORK, 'engines') };
  const { status, stdout, stderr } = python(['-m', 'pytest', `--junitxml=${report}`], variables);
  t.ok(status === 0 || status === 1, `pytest ends (${status}): ${status === 0 ? '' : stdout + stderr}`);
  tellReport(t, readFileSync(report, 'utf8'), 30);
}

/** The logs of this state of the library, for pytest; their checksums are on record. */
function writeLogs(): void {
  rmSync(GOLDEN, { recursive: true, force: true });
  mkdirSync(GOLDEN, { recursive: true });
  const record = new URL('../plugins/golden-checksums.json', import.meta.url);
  const sums: Record<string, string> = {};
  for (const policy of GOLDEN_POLICIES) {
    const log = goldenLog(policy, LENGTH);
    sums[policy] = createHash('sha256').update(log).digest('hex');
    writeFileSync(join(GOLDEN, `${policy}.jsonl`), log);
  }
  if (process.env.ONEBIT_WRITE_GOLDEN !== undefined)
    writeFileSync(record, `${JSON.stringify(sums, null, 2)}\n`);
  t.strictSame(sums, JSON.parse(readFileSync(record, 'utf8')), 'the logs are those on record');
}
