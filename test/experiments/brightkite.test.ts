import { readFileSync } from 'node:fs';
import t from 'tap';
import { brightkite, DATA } from '../../experiments/brightkite/instances.ts';
import { facts, row } from '../../experiments/brightkite/table.ts';

const expected = JSON.parse(readFileSync('experiments/brightkite/expected.json', 'utf8'));
const instances = brightkite(DATA);
const skip = instances === undefined ? `${DATA} is missing` : false;

t.test('the Brightkite instances are those of the reference', { skip }, async (t) => {
  const { requests, optFaults, trueOnes } = facts(instances ?? []);
  t.equal(requests, expected.requests);
  t.equal(optFaults, expected.optFaults);
  t.equal(trueOnes.discard.toFixed(3), String(expected.trueOnes.discard));
  t.equal(trueOnes.phase.toFixed(3), String(expected.trueOnes.phase));
});

t.test('every cell of the Brightkite table is within its tolerance, ten seeds', { skip }, async (t) => {
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
  const ratiosAt = new Map<number, number[]>();
  for (const { p, ratios, tolerance } of expected.rows) {
    const measured = row(instances ?? [], expected.policies, p, seeds);
    ratiosAt.set(p, measured.ratios);
    expected.policies.forEach((policy: string, i: number) => {
      const difference = Math.abs(measured.ratios[i] - ratios[i]);
      t.ok(difference <= tolerance, `p = ${p}, ${policy}: ${measured.ratios[i]}, reference ${ratios[i]}`);
    });
  }
  const readme = readFileSync('experiments/brightkite/README.md', 'utf8');
  for (const { p } of expected.rows) {
    const cells = ratiosAt.get(p)?.map((ratio) => ratio.toFixed(4));
    t.ok(
      readme.includes(`\n| ${[p, ...(cells ?? [])].join(' | ')} |\n`),
      `the README has p = ${p}: ${cells}`,
    );
  }
  const perfect = row(instances ?? [], expected.policies.slice(0, 4), 0, [1]);
  t.strictSame(perfect.ratios, [1, 1, 1, 1], 'with true bits the discard-bit policies equal OPT exactly');
});
