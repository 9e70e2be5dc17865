/**
 * What a model of the first 20% of a trace is worth on each later tenth: see README.md.
 *
 *     npx tsx experiments/generalisation/drift.ts [folder of traces]
 */
import { splitRequests } from '../../src/index.ts';
import { requestCount } from '../../src/traces/serving-trace.ts';
import { Scoring } from '../gap-closed/cells.ts';
import { closed, scoredTraces, unjudged } from './traces.ts';

const TRAINED_ON = 0.2;
const DRIFTING = ['conversation', 'synthetic'];
const [folder = '../shared/traces'] = process.argv.slice(2);

console.log(
  'Gap closed alone (and in the switch), one seed; trained on the first 20%, scored on each later tenth',
);
for (const { name, capacities, scoring } of scoredTraces(folder)) {
  if (!DRIFTING.includes(name)) continue;
  const { trace } = scoring;
  const model = unjudged(await new Scoring(trace, TRAINED_ON).train(capacities, 1));
  for (let tenth = 10 * TRAINED_ON; tenth < 10; tenth++) {
    const end = tenth < 9 ? splitRequests(trace, (tenth + 1) / 10) : requestCount(trace);
    const part = { name, capacities, scoring: new Scoring(trace, tenth / 10, end) };
    console.log(`${name} ${10 * tenth}–${10 * (tenth + 1)}%: ${closed(part, model)}`);
  }
}
