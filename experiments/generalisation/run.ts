/**
 * What a model is worth on traces that it was not trained on: see README.md.
 *
 *     npx tsx experiments/generalisation/run.ts [folder of traces] [traces to train on, with commas]
 */
import { closed, scoredTraces, unjudged } from './traces.ts';

const [folder = '../shared/traces', wanted] = process.argv.slice(2);
const traces = [...scoredTraces(folder)];

console.log(
  'Gap closed alone (and in the switch), one seed; trained on the first 60% of one trace, scored on the last 40%',
);
for (const { name, capacities, scoring } of traces) {
  if (wanted !== undefined && !wanted.split(',').includes(name)) continue;
  const model = unjudged(await scoring.train(capacities, 1));
  for (const other of traces)
    console.log(`${name} → ${other.name}: ${closed(other, other.scoring.bits(model))}`);
}
