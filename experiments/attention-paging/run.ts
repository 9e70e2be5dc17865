/**
 * How much attention is kept when only a part of the KV cache fits: see README.md.
 *
 *     npx tsx experiments/attention-paging/run.ts [attention trace] [share]
 */
import { readAttention } from '../../src/traces/attention-trace.ts';
import { measure } from './measure.ts';
import { sequencesOf } from './sequences.ts';

const BUDGETS = [0.2, 0.5];
const LEAST_STEPS = 8;

const shipped = new URL('../../traces/smollm2-135m-cpu.attention', import.meta.url).pathname;
const [path = shipped, share = '0.05'] = process.argv.slice(2);
const trace = readAttention(path);
const sequences = sequencesOf(trace, LEAST_STEPS);
console.log(`${trace.name}: ${sequences.length} sequences of at least ${LEAST_STEPS} steps, share ${share}`);
for (const budget of BUDGETS) {
  const began = performance.now();
  console.log(`\n${100 * budget}% of the blocks`.padEnd(40), 'mass kept   loads a step');
  for (const { name, kept, loads } of measure(sequences, budget, Number(share)))
    console.log(name.padEnd(40), `${(100 * kept).toFixed(1)}%`.padStart(8), loads.toFixed(3).padStart(12));
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}
