/**
 * How much attention is kept when only a part of the KV cache fits: see README.md.
 *
 *     npx tsx experiments/attention-paging/run.ts [attention trace] [share]
 *
 * Without a trace, the shipped one, and the exit code is 1 if a value differs from expected.json.
 */
import { readFileSync } from 'node:fs';
import { readAttention } from '../../src/traces/attention-trace.ts';
import { measure } from './measure.ts';
import { sequencesOf } from './sequences.ts';

/** Of the mass kept, and of the blocks brought back a step. */
const TOLERANCE = 0.002;

const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const [path, share = expected.share] = process.argv.slice(2);
const trace = readAttention(path ?? new URL(expected.trace, import.meta.url).pathname);
const sequences = sequencesOf(trace, expected.leastSteps);
console.log(
  `${trace.name}: ${sequences.length} sequences of at least ${expected.leastSteps} steps, share ${share}`,
);
for (const [budget, rows] of Object.entries<Record<string, number[]>>(expected.budgets)) {
  console.log(`\n${100 * Number(budget)}% of the blocks`.padEnd(40), 'mass kept   loads a step');
  for (const { name, kept, loads } of measure(sequences, Number(budget), Number(share))) {
    const known = path === undefined ? rows[name] : undefined;
    const differs = known?.some((value, i) => Math.abs(value - [kept, loads][i]) > TOLERANCE) ?? false;
    if (differs) process.exitCode = 1;
    const line = `${name.padEnd(40)} ${`${(100 * kept).toFixed(1)}%`.padStart(8)} ${loads.toFixed(3).padStart(12)}`;
    console.log(differs ? `${line}  expected ${known?.join(', ')}` : line);
  }
}
