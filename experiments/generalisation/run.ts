/**
 * What a model is worth on traces, at capacities and at times that it was not trained for: see README.md.
 *
 *     npx tsx experiments/generalisation/run.ts [folder of traces]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedTrace, readTrace, type ServingTrace, splitRequests } from '../../src/index.ts';
import { Scoring } from '../gap-closed/cells.ts';

const TRACES = [
  { name: 'conversation', file: 'mooncake_conversation.jsonl.gz', capacities: [1000, 5000, 10_000] },
  { name: 'synthetic', file: 'mooncake_synthetic.jsonl.gz', capacities: [1000, 5000, 10_000] },
  { name: 'agents', file: 'weka_claude_code.half.jsonl.gz', sessions: 100, capacities: [1000, 3000] },
];
const [folder = '../shared/traces'] = process.argv.slice(2);
const percent = (x: number) => `${(100 * x).toFixed(1)}%`;

interface Known {
  readonly name: string;
  readonly capacities: readonly number[];
  readonly scoring: Scoring;
}

/** Gap closed by the bits alone and in the switch, at each capacity. */
function closed({ capacities, scoring }: Known, bits: (capacity: number) => Uint32Array): string {
  const cells = capacities.map((capacity) => {
    const gap = (policy: string) =>
      percent(scoring.gapClosed(scoring.faultsWith(policy, capacity, bits(capacity)), capacity));
    return `${capacity}: ${gap('discard(lru)')} (${gap('switch(discard(lru),lru)')})`;
  });
  return cells.join(', ');
}

const traces: Known[] = [];
for (const { name, file, sessions, capacities } of TRACES) {
  const path = join(folder, file);
  if (!existsSync(path)) console.log(`skipped: ${path} is missing; give the folder of the traces`);
  else traces.push({ name, capacities, scoring: new Scoring(readTrace(path, { sessions })) });
}
const embedded: ServingTrace = embeddedTrace();
traces.push({ name: 'embedded', capacities: [200, 1000], scoring: new Scoring(embedded) });

console.log(
  'Gap closed alone (and in the switch), one seed; trained on the first 60% of one trace, scored on the last 40%',
);
for (const { name, capacities, scoring } of traces) {
  const model = await scoring.train(capacities, 1);
  // At other capacities, and on other traces, a model is not judged: its bits are used as they are.
  const free = { ...model, header: { ...model.header, judged: [] } };
  for (const other of traces) {
    console.log(`${name} → ${other.name}: ${closed(other, other.scoring.bits(free))}`);
  }
}

console.log('Drift: trained on the first 20%, scored on each later tenth');
for (const { name, capacities, scoring } of traces.slice(0, 2)) {
  const early = new Scoring(scoring.trace, 0.2);
  const model = await early.train(capacities, 1);
  const free = { ...model, header: { ...model.header, judged: [] } };
  for (let tenth = 2; tenth < 10; tenth++) {
    const end = tenth === 9 ? scoring.trace.time.length : splitRequests(scoring.trace, (tenth + 1) / 10);
    const part = { name, capacities, scoring: new Scoring(scoring.trace, tenth / 10, end) };
    console.log(`${name} ${tenth}0–${tenth + 1}0%: ${closed(part, part.scoring.bits(free))}`);
  }
}
