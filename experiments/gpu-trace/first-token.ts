/**
 * What a reused prefix saved, from the table beside a recorded trace: the time that prompts took with it, and without it
 * where that was measured as well.
 *
 *     npx tsx experiments/gpu-trace/first-token.ts [table]
 */
import { readFileSync } from 'node:fs';

const shipped = new URL('../../traces/smollm2-135m-cpu.csv', import.meta.url).pathname;
const [head, ...lines] = readFileSync(process.argv[2] ?? shipped, 'utf8')
  .trim()
  .split('\n');
const names = head.split(',');
const rows = lines.map((line) => {
  const values = line.split(',');
  const number = (name: string) => Number(values[names.indexOf(name)]);
  return {
    computed: number('prompt') - number('cached'),
    cached: number('cached'),
    seconds: number('seconds'),
    cold: number('coldSeconds'),
  };
});
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const pairs = rows.filter(({ cold }) => cold > 0);
console.log(`${rows.length} prompts, ${pairs.length} of them read a second time without their reused prefix`);
const bounds = [0, 0.25, 0.5, 0.75, 1];
for (let i = 1; i < bounds.length; i++) {
  const within = pairs.filter(({ cached, computed }) => {
    const share = cached / (cached + computed);
    return share > bounds[i - 1] && share <= bounds[i];
  });
  if (within.length === 0) continue;
  const [warm, cold] = [within.map(({ seconds }) => seconds), within.map((row) => row.cold)];
  const ratio = median(within.map((row) => row.seconds / row.cold));
  console.log(
    `${100 * bounds[i - 1]} to ${100 * bounds[i]}% reused: ${within.length} prompts, median ${median(warm).toFixed(3)} s with, ` +
      `${median(cold).toFixed(3)} s without, ratio ${ratio.toFixed(2)}`,
  );
}
const perToken = median(
  rows.filter(({ computed }) => computed >= 64).map(({ computed, seconds }) => computed / seconds),
);
console.log(
  `prompt tokens computed a second, median over prompts with at least 64 to compute: ${perToken.toFixed(0)}`,
);
