import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedTrace, type Model, readTrace } from '../../src/index.ts';
import { Scoring } from '../gap-closed/cells.ts';

const TRACES = [
  { name: 'conversation', file: 'mooncake_conversation.jsonl.gz', capacities: [1000, 5000, 10_000] },
  { name: 'synthetic', file: 'mooncake_synthetic.jsonl.gz', capacities: [1000, 5000, 10_000] },
  { name: 'agents', file: 'weka_claude_code.half.jsonl.gz', sessions: 100, capacities: [1000, 3000] },
];

/** A trace, or a part of it that is scored, with the capacities that its tables have. */
export interface ScoredTrace {
  readonly name: string;
  readonly capacities: readonly number[];
  readonly scoring: Scoring;
}

/** The real traces that the folder has, and the embedded one. */
export function* scoredTraces(folder: string): Generator<ScoredTrace> {
  for (const { name, file, sessions, capacities } of TRACES) {
    const path = join(folder, file);
    if (existsSync(path)) yield { name, capacities, scoring: new Scoring(readTrace(path, { sessions })) };
    else console.log(`skipped: ${path} is missing; give the folder of the traces`);
  }
  yield { name: 'embedded', capacities: [200, 1000], scoring: new Scoring(embeddedTrace()) };
}

/** The model without its judgement, which holds for the trace and the capacities that it was trained for: its bits are used as they are. */
export const unjudged = (model: Model): Model => ({ ...model, header: { ...model.header, judged: [] } });

/** Gap closed by bits, alone and in the switch, at each capacity. */
export function closed(
  { capacities, scoring }: ScoredTrace,
  bits: (capacity: number) => Uint32Array,
): string {
  const cells = capacities.map((capacity) => {
    const late = bits(capacity);
    const [alone, switched] = ['discard(lru)', 'switch(discard(lru),lru)'].map((policy) => {
      const gap = scoring.gapClosed(scoring.faultsWith(policy, capacity, late), capacity);
      return `${(100 * gap).toFixed(1)}%`;
    });
    return `${capacity}: ${alone} (${switched})`;
  });
  return cells.join(', ');
}
