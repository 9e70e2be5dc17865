/**
 * How much of the gap between LRU and the optimum one trained bit closes on real traces: see README.md.
 *
 *     npx tsx experiments/gap-closed/run.ts [folder of traces] [number of seeds] [traces, with commas]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrace } from '../../src/index.ts';
import { Scoring, summary } from './cells.ts';

const CLASSICAL = [
  'arc',
  'clock',
  'gdsf',
  'hyperbolic',
  'lecar',
  'lhd',
  'lirs',
  'lru-k',
  'marker',
  's3-fifo',
  'sieve',
  'slru',
].concat(['two-queue', 'w-tinylfu']);
const BLIND = 'discard(lru)';
const ROBUST = 'switch(discard(lru),lru)';

const [folder = '../shared/traces', count = '5', wanted] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, i) => i + 1);
const { traces } = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8'));
const percent = (x: number) => `${(100 * x).toFixed(1)}%`;
const ratio = (x: number) => x.toFixed(4);

for (const { name, file, sessions, capacities } of traces) {
  const path = join(folder, file);
  if (wanted !== undefined && !wanted.split(',').includes(name)) continue;
  if (!existsSync(path)) {
    console.log(`skipped: ${path} is missing; give the folder of the traces`);
    continue;
  }
  const scoring = new Scoring(readTrace(path, { sessions }));
  for (const capacity of capacities) {
    const hit = (policy: string) => scoring.hitRatio(scoring.faults(policy, capacity));
    const [best] = [...CLASSICAL].sort((a, b) => scoring.faults(a, capacity) - scoring.faults(b, capacity));
    const closed = percent(scoring.gapClosed(scoring.faults(best, capacity), capacity));
    console.log(
      `${name} ${capacity}: lru ${ratio(hit('lru'))}, opt ${ratio(hit('belady'))}, ${best} ${ratio(hit(best))} (${closed})`,
    );
  }
  const closed = new Map<string, number[]>();
  for (const seed of seeds) {
    const began = performance.now();
    const model = await scoring.train(capacities, seed);
    const seconds = (performance.now() - began) / 1000;
    const bits = scoring.bits(model);
    for (const { capacity, pays } of model.header.judged) {
      const blind = scoring.faultsWith(BLIND, capacity, bits(capacity));
      const robust = scoring.faultsWith(ROBUST, capacity, bits(capacity));
      console.log(
        `${name} ${capacity} seed ${seed}: ${BLIND} ${ratio(scoring.hitRatio(blind))} (${percent(scoring.gapClosed(blind, capacity))}), ` +
          `${ROBUST} ${ratio(scoring.hitRatio(robust))} (${percent(scoring.gapClosed(robust, capacity))}), ` +
          `${pays ? 'pays' : 'does not pay'} when held out, lru needs ${scoring.equalLru(robust)}, trained in ${seconds.toFixed(0)} s`,
      );
      const key = `${name} ${capacity}`;
      closed.set(key, [...(closed.get(key) ?? []), scoring.gapClosed(robust, capacity)]);
    }
  }
  for (const [cell, values] of closed) {
    const { median, mean, halfWidth } = summary(values);
    console.log(
      `${cell}: gap closed by ${ROBUST}: median ${percent(median)}, mean ${percent(mean)} ± ${percent(halfWidth)}`,
    );
  }
}
