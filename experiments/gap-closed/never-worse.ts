/**
 * What wrong bits do to `switch(discard(lru),lru)`: hit ratios over whole traces, relative to LRU. See README.md.
 *
 *     npx tsx experiments/gap-closed/never-worse.ts [folder of traces]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  discardLabels,
  findPolicy,
  nextRequests,
  readTrace,
  SeededRandom,
  simulate,
} from '../../src/index.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';

const TRACES = [
  ['conversation', 'mooncake_conversation.jsonl.gz'],
  ['synthetic', 'mooncake_synthetic.jsonl.gz'],
];
const CAPACITIES = [1000, 2000, 5000, 10_000];
const STRETCH = 9000;
const [folder = '../shared/traces'] = process.argv.slice(2);

for (const [name, file] of TRACES) {
  const path = join(folder, file);
  if (!existsSync(path)) {
    console.log(`skipped: ${path} is missing; give the folder of the traces`);
    continue;
  }
  const { blocks } = readTrace(path);
  const accesses = blocks.pages.length;
  const next = nextRequests(blocks);
  const steps = Float64Array.from(next, (_, i) => i);
  const random = new SeededRandom(1);
  const good = Float32Array.from(next, (step, i) => (step === accesses ? 0 : 1 / (step - i)));
  const values = {
    random: good.map(() => random.uniform()),
    inverted: good.map((value) => -value),
    stale: good.map((_, i) => good[Math.max(0, i - STRETCH)]),
  };
  for (const capacity of CAPACITIES) {
    const hitRatio = (policy: string, given = {}) =>
      1 - simulate({ sequence: blocks, policy: findPolicy(policy), capacity, seed: 1, ...given }) / accesses;
    const labels = discardLabels(blocks, capacity, next);
    const when = (wrong: (i: number) => boolean) => ({
      predictions: labels.map((bit, i) => (wrong(i) ? 1 - bit : bit)),
    });
    const lru = hitRatio('lru');
    const wrong: [string, object][] = [['inverted labels', when(() => true)]];
    for (const [kind, value] of Object.entries(values)) {
      const late = lateDiscards(blocks, steps, value, [0, accesses], capacity);
      wrong.push([`${kind} values`, { predictions: new Uint8Array(accesses), late }]);
    }
    const relative = wrong.map(
      ([kind, given]) => `${kind} ${(hitRatio('switch(discard(lru),lru)', given) / lru).toFixed(3)}`,
    );
    console.log(`${name} ${capacity}: lru ${lru.toFixed(4)}, in the switch, × lru: ${relative.join(', ')}`);
    const changing = {
      'perfect, then inverted': when((i) => i >= accesses / 2),
      'in turn, 9,000 accesses each': when((i) => Math.floor(i / STRETCH) % 2 === 1),
    };
    for (const [kind, given] of Object.entries(changing)) {
      const [alone, switched] = ['discard(lru)', 'switch(discard(lru),lru)'].map((p) => hitRatio(p, given));
      console.log(`  ${kind}: alone ${alone.toFixed(4)}, in the switch ${switched.toFixed(4)}`);
    }
  }
}
