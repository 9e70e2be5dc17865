/**
 * Makes of a recording what can be shipped: no text and no tokens, only blocks by number, lengths, times and attention.
 *
 *     npx tsx experiments/gpu-trace/ship.ts RECORDING traces/NAME [commit, where the recorder was told none or a wrong one]
 */
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { writeFile } from '../../src/support/write-file.ts';
import { type AttentionTrace, writeAttention } from '../../src/traces/attention-trace.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { writeColumnar } from '../../src/traces/write-columnar.ts';
import { type RecordedRequest, type Recording, readRecording } from './recording.ts';

const BLOCK_TOKENS = 16;
const COLUMNS = ['session', 'turn', 'kind', 'arrival', 'start', 'first', 'end'] as const;
const LENGTHS = ['prompt', 'output', 'cached', 'seconds', 'coldSeconds'] as const;

/** The prefix trace: the full blocks of each prompt, in order of arrival, with the parents that the sessions tell. */
export function prefixTrace(requests: readonly RecordedRequest[], name: string): ServingTrace {
  const numbers = new Map<string, number>();
  const accesses: number[] = [];
  const firstBlock = [0];
  const parent: number[] = [];
  const latest = new Map<number, number>();
  requests.forEach(({ session, prompt, hashes }, r) => {
    for (const hash of hashes.slice(0, Math.floor(prompt / BLOCK_TOKENS))) {
      if (!numbers.has(hash)) numbers.set(hash, numbers.size);
      accesses.push(numbers.get(hash) ?? 0);
    }
    firstBlock.push(accesses.length);
    parent.push(latest.get(session) ?? -1);
    latest.set(session, r);
  });
  return {
    name,
    blocks: requestSequence(accesses),
    firstBlock: Uint32Array.from(firstBlock),
    time: Float64Array.from(requests, ({ arrival }) => arrival - requests[0].arrival),
    inputTokens: Uint32Array.from(requests, ({ prompt }) => prompt),
    outputTokens: Uint32Array.from(requests, ({ output }) => output),
    parent: Int32Array.from(parent),
  };
}

/** The attention trace: a sequence for each request whose attention was recorded, in order of arrival. */
export function attentionTrace(requests: readonly RecordedRequest[], name: string): AttentionTrace {
  const seen = requests.filter(({ attention, output }) => attention !== undefined && output > 1);
  const bytes = (part: 0 | 1) =>
    new Uint8Array(
      Buffer.concat(seen.map(({ attention }) => Buffer.from(attention?.[part] ?? '', 'base64'))),
    );
  return {
    name,
    blockTokens: BLOCK_TOKENS,
    promptTokens: Uint32Array.from(seen, ({ prompt }) => prompt),
    // The first token of an answer comes from the prompt's last one, in no step.
    steps: Uint32Array.from(seen, ({ output }) => output - 1),
    mean: bytes(0),
    largest: bytes(1),
  };
}

/** Who served which request when: a table in the order of the prefix trace. */
export function requestTable(requests: readonly RecordedRequest[]): string {
  const columns = [...COLUMNS, ...LENGTHS];
  const rows = requests.map((request) => columns.map((column) => request[column] ?? '').join(','));
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

/** Where and with what the recording was made, and how much it holds. */
export function manifest({ requests, runs }: Recording, prefix: ServingTrace, attention: AttentionTrace) {
  const starts = runs.filter(({ type }) => type === 'start');
  const stops = runs.filter(({ type }) => type === 'stop');
  const { type: _, ...machine } = starts[0];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    ...machine,
    runs: starts.length,
    requests: requests.length,
    sessions: new Set(requests.map(({ session }) => session)).size,
    blockTokens: BLOCK_TOKENS,
    blockAccesses: prefix.blocks.pages.length,
    distinctBlocks: prefix.blocks.pageCount,
    attentionSequences: attention.steps.length,
    attentionSteps: sum([...attention.steps]),
    attentionStepsTimesBlocks: attention.mean.length,
    promptTokens: sum(requests.map(({ prompt }) => prompt)),
    reusedTokens: sum(requests.map(({ cached }) => cached)),
    answerTokens: sum(requests.map(({ output }) => output)),
    answersEndedByModel: requests.filter(({ output }) => output < Number(answerLimit(starts[0]))).length,
    clockSeconds: Math.max(...requests.map(({ end }) => end)),
    // Of runs that were interrupted the duration is not known.
    wallSeconds: sum(stops.map(({ wallSeconds }) => Number(wallSeconds))),
    evictions: sum(stops.map(({ evictions }) => Number(evictions))),
    clock:
      'seconds of computation; where nothing was to be done it jumps to the next arrival; computation only for measuring does not count',
    pooling: 'attention mass of a block: mean, and maximum, over all layers and heads, after softmax',
  };
}

function answerLimit(start: Recording['runs'][number]): unknown {
  return (start.settings as Record<string, unknown>).answer_tokens;
}

if (import.meta.filename === process.argv[1]) {
  const [folder, target, commit] = process.argv.slice(2);
  if (target === undefined)
    throw new Error('give the folder of a recording and the beginning of the names to write');
  const recording = readRecording(folder);
  const prefix = prefixTrace(recording.requests, target);
  const attention = attentionTrace(recording.requests, target);
  writeColumnar(prefix, `${target}.onebit`);
  writeAttention(attention, `${target}.attention`);
  writeFile(`${target}.csv`, requestTable(recording.requests));
  const told = manifest(recording, prefix, attention);
  const facts = commit === undefined ? told : { ...told, commit };
  writeFile(`${target}.json`, `${JSON.stringify(facts, null, 2)}\n`);
  console.log(JSON.stringify(facts, null, 2));
  if (recording.unfinished > 0) console.log(`left out: ${recording.unfinished} bytes of an unfinished group`);
}
