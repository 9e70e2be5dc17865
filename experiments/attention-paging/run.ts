/**
 * How much attention is kept when only a part of the KV cache fits: see README.md.
 *
 *     npx tsx experiments/attention-paging/run.ts [attention trace] [share]
 *
 * Without a trace, both shipped ones, and the exit code is 1 if a value differs from expected.json.
 */
import { type AttentionTrace, readAttention } from '../../src/traces/attention-trace.ts';
import { measure } from './measure.ts';
import { BUDGETS, type Budgets, LEAST_STEPS, RECORDINGS, SHARE, shippedAttention } from './recordings.ts';
import { sequencesOf } from './sequences.ts';

/** Of the mass kept, and of the blocks brought back a step. */
const TOLERANCE = 0.002;

function print(trace: AttentionTrace, share: number, expected?: Budgets): void {
  const sequences = sequencesOf(trace, LEAST_STEPS);
  console.log(
    `\n${trace.name}: ${sequences.length} sequences of at least ${LEAST_STEPS} steps, share ${share}`,
  );
  for (const budget of BUDGETS) {
    console.log(`\n${100 * budget}% of the blocks`.padEnd(40), 'mass kept   loads a step');
    for (const { name, kept, loads } of measure(sequences, budget, share)) {
      const known = expected?.[budget]?.[name];
      const differs =
        expected !== undefined &&
        ![kept, loads].every((value, i) => Math.abs(value - (known?.[i] ?? Number.NaN)) <= TOLERANCE);
      if (differs) process.exitCode = 1;
      const line = `${name.padEnd(40)} ${`${(100 * kept).toFixed(1)}%`.padStart(8)} ${loads.toFixed(3).padStart(12)}`;
      console.log(differs ? `${line}  expected ${known?.join(', ')}` : line);
    }
  }
}

const [path, share = SHARE] = process.argv.slice(2);
if (path !== undefined) print(readAttention(path), Number(share));
else for (const { name, budgets } of RECORDINGS) print(shippedAttention(name), SHARE, budgets);
