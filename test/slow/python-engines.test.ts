/** The engines' package in Python: built, installed, held to the library's logs and run in the engines' own classes. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import t from 'tap';
import { GOLDEN_POLICIES, goldenLog } from '../plugins/operation-log.ts';
import { tellReport } from '../plugins/pytest-report.ts';
import { fetchEngines, prepare, python, WORK } from '../plugins/python.ts';
import { ruleCases } from '../plugins/rule-log.ts';

/** Operations at each of five capacities. */
const LENGTH = 2_200;
/** Cases of the rule of `switch`. */
const CASES = 240;
const GOLDEN = join(WORK, 'golden');
const VARIABLES = {
  ONEBIT_GOLDEN: GOLDEN,
  ONEBIT_ENGINES: join(WORK, 'engines'),
  COVERAGE_FILE: join(WORK, 'golden.coverage'),
};

// A first run installs and fetches.
t.setTimeout(280_000);
const trouble = prepare();
if (trouble !== undefined) {
  t.pass("the engines' package", { skip: trouble });
} else {
  for (const line of fetchEngines()) t.comment(line);
  writeLogs();
  // The logs alone: that they reach every branch of the policies is theirs to show.
  run(['-m', 'coverage', 'run', '--rcfile=coverage.ini', '-m', 'pytest', 'test_golden.py'], 20);
  tellMissing();
  run(['-m', 'pytest', '--ignore=test_golden.py'], 30);
}

/** Runs pytest and tells each of its tests. @param least how many there must be */
function run(args: readonly string[], least: number): void {
  const report = join(WORK, 'report.xml');
  rmSync(report, { force: true });
  const { status, stdout, stderr } = python([...args, `--junitxml=${report}`], VARIABLES);
  t.ok(status === 0 || status === 1, `pytest ends (${status}): ${status === 0 ? '' : stdout + stderr}`);
  tellReport(t, readFileSync(report, 'utf8'), least);
}

/** Lines and branches of the policies that the logs did not reach. */
function tellMissing(): void {
  const path = join(WORK, 'coverage.json');
  const { status, stdout } = python(
    ['-m', 'coverage', 'json', '--rcfile=coverage.ini', '-o', path],
    VARIABLES,
  );
  t.equal(status, 0, stdout);
  const { files } = JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, Coverage> };
  t.ok(Object.keys(files).length >= 8, 'every policy is measured');
  for (const [file, { missing_lines, missing_branches }] of Object.entries(files))
    t.strictSame(
      [missing_lines, missing_branches],
      [[], []],
      `the logs reach every branch of ${basename(file)}`,
    );
}

interface Coverage {
  readonly missing_lines: readonly number[];
  readonly missing_branches: readonly (readonly number[])[];
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
  const cases = JSON.stringify(ruleCases(CASES));
  sums['the rule of switch'] = createHash('sha256').update(cases).digest('hex');
  writeFileSync(join(GOLDEN, 'switch-rule.json'), cases);
  if (process.env.ONEBIT_WRITE_GOLDEN !== undefined)
    writeFileSync(record, `${JSON.stringify(sums, null, 2)}\n`);
  t.strictSame(sums, JSON.parse(readFileSync(record, 'utf8')), 'the logs are those on record');
}
