/**
 * Reproduces the published comparison of policies with predictions, on Brightkite (k = 10) and CitiBike (k = 100), ten seeds,
 * pooled faults / OPT, and adds rows that have not been published. Prints each cell beside its reference and ends with
 * exit code 1 if one differs by more than rounding and chance (99%, cell by cell) for no reason that expected.json states.
 *
 *     npx tsx experiments/competitors/run.ts [archive]
 */
import { existsSync, readFileSync } from 'node:fs';
import { DATA } from '../brightkite/instances.ts';
import { type Column, computeColumns } from './columns.ts';
import { type Cell, type Row, tolerance } from './table.ts';

/** One table of expected.json: for each policy and dataset a ratio for each kind of predictions. */
interface Table {
  readonly title: string;
  readonly bits?: Row['bits'];
  readonly predictions: readonly string[];
  readonly rows: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

const path = process.argv[2] ?? DATA;
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const tables: readonly Table[] = expected.tables;
const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
const WIDTH = 22;

if (existsSync(path)) await compareAll();
else console.log(`skipped: ${path} is missing; give the path of citibike_brightkite_data.zip`);

async function compareAll(): Promise<void> {
  const started = performance.now();
  // One column serves every table: what is predicted is made once for all rows.
  const kinds = [...new Set(tables.flatMap(({ predictions }) => predictions))];
  const rowsOf = (kind: string) =>
    tables.flatMap(({ rows, bits, predictions }) =>
      predictions.includes(kind)
        ? Object.keys(rows).map((policy): Row => ({ policy, ...(bits && { bits }) }))
        : [],
    );
  const columns = expected.datasets.flatMap(({ name, capacity }: { name: string; capacity: number }) =>
    kinds.map((kind): Column => ({ dataset: name, capacity, kind, rows: rowsOf(kind), seeds })),
  ) as Column[];
  // The longest first, so that both threads end together.
  columns.sort((a, b) => b.capacity * b.rows.length - a.capacity * a.rows.length);
  const results = await computeColumns(columns, path);
  for (const { name, capacity } of expected.datasets) {
    console.log(`${name}, k = ${capacity}`);
    for (const table of tables) {
      console.log(`\n${table.title}`);
      console.log(['', ...table.predictions].map((head) => head.padEnd(WIDTH)).join('  '));
      for (const policy of Object.keys(table.rows)) {
        const line = table.predictions.map((kind, j) => {
          const at = columns.findIndex((column) => column.dataset === name && column.kind === kind);
          const row = columns[at].rows.findIndex((one) => one.policy === policy && one.bits === table.bits);
          return compareCell(policy, results[at][row], table.rows[policy][name][j]).padEnd(WIDTH);
        });
        console.log([policy.padEnd(WIDTH), ...line].join('  '));
      }
    }
    console.log();
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`measured (reference), means of ${seeds.length} seeds, ${seconds} s on two threads`);
  console.log('* is apart by more than chance, as stated:');
  for (const [policy, reason] of Object.entries(expected.differences)) console.log(`${policy}: ${reason}`);
}

function compareCell(policy: string, cell: Cell, reference: number): string {
  const apart = Math.abs(cell.ratio - reference);
  const mark = apart <= tolerance(cell) ? '' : policy in expected.differences ? ' *' : ' OUTSIDE';
  if (mark === ' OUTSIDE' || (mark !== '' && apart > expected.largestDifference)) process.exitCode = 1;
  return `${cell.ratio.toFixed(4)} (${reference.toFixed(3)})${mark}`;
}
