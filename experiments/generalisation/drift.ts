/**
 * What a model of the first 20% of a trace is worth on each later tenth, as it is and as it keeps learning: see README.md.
 *
 *     npx tsx experiments/generalisation/drift.ts [folder of traces]
 */
import { writeFileSync } from 'node:fs';
import { accessTimes, splitRequests } from '../../src/index.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';
import { requestCount } from '../../src/traces/serving-trace.ts';
import { learnOnline } from '../../src/training/learn-online.ts';
import { Scoring } from '../gap-closed/cells.ts';
import { closed, scoredTraces, unjudged } from './traces.ts';

const TRAINED_ON = 0.2;
const SEED = 1;
const DRIFTING = ['conversation', 'synthetic'];
const [folder = '../shared/traces'] = process.argv.slice(2);
/** Hit ratios of `discard(lru)` in each tenth, for the figure. */
const drawn: Record<string, unknown>[] = [];

console.log(
  'Gap closed alone (and in the switch), one seed; trained on the first 20%, scored on each later tenth',
);
for (const { name, capacities, scoring } of scoredTraces(folder)) {
  if (!DRIFTING.includes(name)) continue;
  const { trace } = scoring;
  const training = new Scoring(trace, TRAINED_ON);
  const model = unjudged(await training.train(capacities, SEED));
  const values = await learnOnline(trace, { model, known: training.trainingRequests, seed: SEED });
  const still = atEach(capacities, scoring.bits(model));
  const { ages } = model.header;
  const online = atEach(capacities, (capacity) =>
    lateDiscards(trace.blocks, accessTimes(trace), values, ages, capacity),
  );
  for (let tenth = 10 * TRAINED_ON; tenth < 10; tenth++) {
    const end = tenth < 9 ? splitRequests(trace, (tenth + 1) / 10) : requestCount(trace);
    const part = { name, capacities, scoring: new Scoring(trace, tenth / 10, end) };
    console.log(`${name} ${10 * tenth}–${10 * (tenth + 1)}%, as it is: ${closed(part, still)}`);
    console.log(`${name} ${10 * tenth}–${10 * (tenth + 1)}%, learning: ${closed(part, online)}`);
    for (const capacity of capacities) {
      const hitRatio = (faults: number) => Number(part.scoring.hitRatio(faults).toFixed(4));
      const withBits = (late: Uint32Array) =>
        hitRatio(part.scoring.faultsWith('discard(lru)', capacity, late));
      drawn.push({
        trace: name,
        from: 10 * tenth,
        capacity,
        lru: hitRatio(part.scoring.faults('lru', capacity)),
        optimum: hitRatio(part.scoring.faults('belady', capacity)),
        still: withBits(still(capacity)),
        online: withBits(online(capacity)),
      });
    }
  }
}
writeFileSync(new URL('drift.json', import.meta.url), `${JSON.stringify(drawn, null, 2)}\n`);

/** Bits worked out beforehand, once for each capacity. */
function atEach(
  capacities: readonly number[],
  bits: (capacity: number) => Uint32Array,
): (capacity: number) => Uint32Array {
  const known = new Map(capacities.map((capacity) => [capacity, bits(capacity)]));
  return (capacity) => known.get(capacity) as Uint32Array;
}
