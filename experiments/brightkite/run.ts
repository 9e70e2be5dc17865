/**
 * Reproduces the Brightkite table of one-bit paging: five policies, five flip probabilities, ten seeds, pooled over 100
 * users. Prints each cell beside the reference and ends with exit code 1 if one is outside its tolerance.
 *
 *     npx tsx experiments/brightkite/run.ts [archive]
 */
import { readFileSync } from 'node:fs';
import { brightkite, DATA } from './instances.ts';
import { facts, type Row, row } from './table.ts';

/** What bits have to be better than. */
const CLASSICAL = ['lru', 'marker', 'arc', 'lirs', 'lru-k', 's3-fifo', 'w-tinylfu', 'lecar'];

const path = process.argv[2] ?? DATA;
const instances = brightkite(path);
if (instances === undefined) {
  console.log(`skipped: ${path} is missing; give the path of citibike_brightkite_data.zip`);
} else {
  const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
  const { requests, optFaults, trueOnes } = facts(instances);
  console.log(
    `${instances.length} instances, ${requests} requests, OPT ${optFaults} faults (reference ${expected.optFaults})`,
  );
  console.log(
    `true 1s: discard ${(100 * trueOnes.discard).toFixed(1)}%, phase ${(100 * trueOnes.phase).toFixed(1)}%\n`,
  );
  console.log(
    ['p', ...expected.policies].map((head, i) => (i === 0 ? head.padEnd(6) : head.padEnd(24))).join(''),
  );
  for (const { p, ratios, tolerance } of expected.rows) {
    const measured = row(instances, expected.policies, p, seeds);
    const cells = measured.ratios.map((ratio, i) => {
      const good = Math.abs(ratio - ratios[i]) <= tolerance;
      if (!good) process.exitCode = 1;
      return `${ratio.toFixed(4)} (${ratios[i].toFixed(4)})${good ? '' : ' OUTSIDE'}`.padEnd(24);
    });
    const errors = `η0 ${Math.round(measured.eta0)}, η1 ${Math.round(measured.eta1)}`;
    console.log(`${String(p).padEnd(6)}${cells.join('')}${errors}`);
  }
  const listed = (names: string[], { ratios }: Row) =>
    names.map((name, i) => `${name} ${ratios[i].toFixed(4)}`).join(', ');
  console.log(`\ninverted bits: ${listed(expected.policies, row(instances, expected.policies, 1, seeds))}`);
  console.log(`without bits: ${listed(CLASSICAL, row(instances, CLASSICAL, 0, seeds))}`);
  console.log(
    `\nmeasured (reference), means of ${seeds.length} seeds; tolerance ±.01 up to p = .01, ±.02 beyond`,
  );
}
