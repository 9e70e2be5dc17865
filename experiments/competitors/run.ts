/**
 * Reproduces the published comparison of policies with predicted next arrivals, on Brightkite (k = 10) and CitiBike
 * (k = 100), ten seeds, pooled faults / OPT. Prints each cell beside its reference and ends with exit code 1 if one
 * differs by more than rounding and chance (99%, cell by cell) for no reason that expected.json states.
 *
 *     npx tsx experiments/competitors/run.ts [archive]
 */
import { readFileSync } from 'node:fs';
import { brightkite, citibike, DATA } from '../brightkite/instances.ts';
import { cells, dataset, tolerance } from './table.ts';

const path = process.argv[2] ?? DATA;
const archive = { brightkite: brightkite(path), citibike: citibike(path) };
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
const WIDTH = 24;

for (const { name, capacity, optFaults } of expected.datasets) {
  const instances = archive[name as keyof typeof archive];
  if (instances === undefined) {
    console.log(`skipped: ${path} is missing; give the path of citibike_brightkite_data.zip`);
    break;
  }
  const data = dataset(name, capacity, instances);
  console.log(`${name}, k = ${capacity}: OPT ${data.optFaults} faults (reference ${optFaults})`);
  if (data.optFaults !== optFaults) process.exitCode = 1;
  for (const { predictions, rows } of expected.tables) {
    const policies = Object.keys(rows);
    console.log(['', ...predictions].map((head) => head.padEnd(WIDTH)).join(''));
    const columns = predictions.map((kind: string) => cells(data, policies, kind, seeds));
    policies.forEach((policy, i) => {
      const line = columns.map((column: ReturnType<typeof cells>, j: number) => {
        const cell = column[i];
        const reference = rows[policy][name][j];
        const apart = Math.abs(cell.ratio - reference);
        const mark = apart <= tolerance(cell) ? '' : policy in expected.differences ? ' *' : ' OUTSIDE';
        if (mark === ' OUTSIDE' || apart > expected.largestDifference) process.exitCode = 1;
        return `${cell.ratio.toFixed(4)} (${reference.toFixed(3)})${mark}`.padEnd(WIDTH);
      });
      console.log(policy.padEnd(WIDTH) + line.join(''));
    });
  }
  console.log();
}
console.log(
  `measured (reference), means of ${seeds.length} seeds; * is apart by more than chance, as stated:`,
);
for (const [policy, reason] of Object.entries(expected.differences)) console.log(`${policy}: ${reason}`);
