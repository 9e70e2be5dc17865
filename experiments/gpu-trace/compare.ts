/**
 * Policies on a recorded prefix trace, beside one bit: trained on the first 60% of the block accesses, perfect, and inverted. All are
 * scored on the rest.
 *
 *     npx tsx experiments/gpu-trace/compare.ts [trace] [capacities, with commas] [number of seeds]
 */
import { catalog, discardLabels, findPolicy, invertBits, readTrace, simulate } from '../../src/index.ts';
import { Scoring, summary } from '../gap-closed/cells.ts';

const ONE_BIT = 'discard(lru)';
const ROBUST = 'switch(discard(lru),lru)';

const shipped = new URL('../../traces/smollm2-135m-cpu.onebit', import.meta.url).pathname;
const [path = shipped, capacities = '200,400,800', count = '5'] = process.argv.slice(2);
const trace = readTrace(path);
const sizes = capacities.split(',').map(Number);
const scoring = new Scoring(trace);
const from = trace.firstBlock[scoring.trainingRequests];
const classical = catalog()
  .filter(({ needs, offline, eager, name }) => needs === 'nothing' && !offline && !eager && name !== 'lru')
  .map(({ name }) => name);
const show = (faults: number, capacity: number) =>
  `${scoring.hitRatio(faults).toFixed(4)} (${(100 * scoring.gapClosed(faults, capacity)).toFixed(1)}%)`;

console.log(
  `${trace.name}: ${trace.time.length} requests, scored on the accesses from ${from} on; hit ratio (gap closed)`,
);
const learned = new Map<string, number[]>();
for (let seed = 1; seed <= Number(count); seed++) {
  const bits = scoring.bits(await scoring.train(sizes, seed));
  for (const capacity of sizes) {
    for (const policy of [ONE_BIT, ROBUST]) {
      const key = `${policy} ${capacity}`;
      learned.set(key, [...(learned.get(key) ?? []), scoring.faultsWith(policy, capacity, bits(capacity))]);
    }
  }
}
for (const capacity of sizes) {
  const [best] = [...classical].sort((a, b) => scoring.faults(a, capacity) - scoring.faults(b, capacity));
  const perfect = discardLabels(trace.blocks, capacity);
  const given = (policy: string, predictions: Uint8Array) =>
    simulate({ sequence: trace.blocks, policy: findPolicy(policy), capacity, seed: 1, from, predictions });
  const rows: [string, string][] = [
    ['lru', show(scoring.faults('lru', capacity), capacity)],
    [`best classical: ${best}`, show(scoring.faults(best, capacity), capacity)],
    ...[ONE_BIT, ROBUST].map((policy): [string, string] => {
      const { mean, halfWidth } = summary(learned.get(`${policy} ${capacity}`) ?? []);
      return [
        `${policy}, trained`,
        `${show(mean, capacity)}, ± ${halfWidth.toFixed(1)} faults of ${mean.toFixed(1)}`,
      ];
    }),
    [`${ONE_BIT}, perfect`, show(given(ONE_BIT, perfect), capacity)],
    [`${ONE_BIT}, inverted`, show(given(ONE_BIT, invertBits(perfect)), capacity)],
    [`${ROBUST}, inverted`, show(given(ROBUST, invertBits(perfect)), capacity)],
    ['belady', show(scoring.faults('belady', capacity), capacity)],
  ];
  console.log(`\n${capacity} blocks`);
  for (const [name, value] of rows) console.log(name.padEnd(40), value);
}
