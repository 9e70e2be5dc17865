import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import t from 'tap';
import { type RecordedRequest, readRecording } from '../../experiments/gpu-trace/recording.ts';
import { attentionTrace, manifest, prefixTrace, requestTable } from '../../experiments/gpu-trace/ship.ts';
import { readAttention, readTrace, traceStatistics } from '../../src/index.ts';
import { attentionStatistics } from '../../src/traces/attention-statistics.ts';

const START = {
  type: 'start',
  settings: { answer_tokens: 8 },
  device: 'CPU: one of the test',
  onGpu: false,
};

function request(session: number, turn: number, arrival: number, prompt: number): RecordedRequest {
  const blocks = Math.floor((prompt + 4) / 16);
  const cells = [1, 2, 3, 4].reduce((sum, step) => sum + Math.ceil((prompt + step) / 16), 0);
  const bytes = Buffer.alloc(cells, 40).toString('base64');
  return {
    type: 'request',
    session,
    turn,
    kind: 'chat',
    arrival,
    start: arrival,
    first: arrival + 1,
    end: arrival + 2,
    prompt,
    output: 5,
    cached: 0,
    seconds: 1,
    coldSeconds: null,
    hashes: Array.from({ length: blocks }, (_, i) => `${session}-${i}`),
    attention: [bytes, bytes],
  };
}

function sum(values: Uint32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A group as the recorder writes it. */
function group(records: readonly object[]): string {
  const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  return `${lines}${JSON.stringify({ lines: records.length, crc32: crc32(lines) })}\n`;
}

const REQUESTS = [request(1, 1, 3, 40), request(0, 1, 2, 30), request(1, 2, 9, 70)];

t.test('a recording is read up to where it was interrupted', async (t) => {
  const folder = t.testdir({ 'chunk-0001.jsonl': group([START]) + group(REQUESTS.slice(0, 2)) });
  const path = join(folder, 'chunk-0001.jsonl');
  const whole = readRecording(folder);
  t.strictSame(
    whole.requests.map(({ arrival }) => arrival),
    [2, 3],
  );
  const last = group(REQUESTS.slice(2));
  const content = readFileSync(path, 'utf8');
  for (let length = 0; length < last.length; length++) {
    writeFileSync(path, content + last.slice(0, length));
    t.strictSame(readRecording(folder), { ...whole, unfinished: length });
  }
  writeFileSync(path, content);
  appendFileSync(path, last);
  t.equal(readRecording(folder).requests.length, 3);
});

t.test('what is no whole recording is refused in one line', async (t) => {
  const damaged = { 'chunk-0001.jsonl': '{', 'chunk-0002.jsonl': group([START, ...REQUESTS]) };
  for (const files of [{}, { 'chunk-0001.jsonl': group([START]) }, damaged]) {
    t.throws(() => readRecording(t.testdir(files)), { name: 'Failure', message: /^[^\n]+; [^\n]+$/ });
  }
});

t.test(
  'of a recording its prompts, parents, lengths, times and attention are shipped, and no text',
  async (t) => {
    const folder = t.testdir({ 'chunk-0001.jsonl': group([START, ...REQUESTS]) });
    const recording = readRecording(folder);
    const prefix = prefixTrace(recording.requests, 'x');
    // 30, 40 and 70 tokens have 1, 2 and 4 full blocks; the third request begins with the two of the second.
    t.strictSame([...prefix.blocks.pages], [0, 1, 2, 1, 2, 3, 4]);
    t.strictSame([...prefix.firstBlock], [0, 1, 3, 7]);
    t.strictSame([...prefix.parent], [-1, -1, 1]);
    t.strictSame([...prefix.time], [0, 1, 7]);
    const attention = attentionTrace(recording.requests, 'x');
    t.strictSame(
      [[...attention.promptTokens], [...attention.steps]],
      [
        [30, 40, 70],
        [4, 4, 4],
      ],
    );
    t.equal(requestTable(recording.requests).split('\n')[3], '1,2,chat,9,9,10,11,70,5,0,1,');
    t.match(manifest(recording, prefix, attention), {
      device: 'CPU: one of the test',
      onGpu: false,
      requests: 3,
      sessions: 2,
      blockAccesses: 7,
      attentionSteps: 12,
      answersEndedByModel: 3,
    });
  },
);

for (const { name, onGpu, device, driver } of [
  { name: 'smollm2-135m-cpu', onGpu: false, device: /^CPU: /, driver: null },
  { name: 'smollm2-135m-gpu', onGpu: true, device: /^NVIDIA /, driver: /^\d+\.\d+/ },
]) {
  t.test(`${name}: the shipped traces are what their manifest says, which says where`, async (t) => {
    const facts = JSON.parse(readFileSync(`traces/${name}.json`, 'utf8'));
    t.match(facts, { onGpu, device, driver, commit: /^[0-9a-f]{40}$/ });
    const trace = readTrace(`traces/${name}.onebit`);
    const { requests, blockAccesses, distinctBlocks } = traceStatistics(trace);
    t.match(facts, { requests, blockAccesses, distinctBlocks });
    const attention = attentionStatistics(readAttention(`traces/${name}.attention`));
    t.match(facts, { attentionSteps: attention.steps, attentionStepsTimesBlocks: attention.cells });
    const rows = readFileSync(`traces/${name}.csv`, 'utf8').trim().split('\n').slice(1);
    t.strictSame(
      rows.map((row) => Number(row.split(',')[7])),
      [...trace.inputTokens],
    );
    t.equal(facts.promptTokens, sum(trace.inputTokens));
    t.equal(facts.answerTokens, sum(trace.outputTokens));
    for (const kind of ['onebit', 'attention', 'csv'])
      t.ok(statSync(`traces/${name}.${kind}`).size < 8e6, kind);
  });
}

t.test(
  'the recorder keeps what it wrote, and asks after an interruption what it would have asked',
  async (t) => {
    const { status, stderr, error } = spawnSync('python3', ['experiments/gpu-trace/test_recorder.py'], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    if (error !== undefined) t.comment('skipped: python3 is missing');
    else t.equal(status, 0, stderr);
  },
);

t.test(
  'the script for a machine without a network joins the model from parts that come one by one',
  async (t) => {
    const text = 'no model, but long enough to be cut';
    const sum = createHash('sha256').update(text).digest('hex');
    const carried = t.testdir({
      one: { 'model.sha256': `${sum}  tiny.gguf\n`, 'tiny.gguf.part-00': text.slice(0, 10) },
      two: { 'model.sha256': `${sum}  tiny.gguf\n`, 'tiny.gguf.part-01': text.slice(10) },
      empty: {},
    });
    const kept = join(carried, 'kept');
    const start = (...given: string[]) =>
      spawnSync('bash', ['experiments/gpu-trace/record-on-gpu.sh', ...given], {
        encoding: 'utf8',
        env: { ...process.env, KEPT: kept },
      });
    const out = join(carried, 'out');
    t.match(start(), { status: 1, stderr: /^record-on-gpu.sh: give the folder [^\n]+\n$/ });
    t.match(start(join(carried, 'empty'), out), { status: 1, stderr: /model.sha256 is missing; make it/ });
    const waiting = start(join(carried, 'two'), out);
    t.match(waiting, {
      status: 3,
      stderr: /^record-on-gpu.sh: tiny.gguf is not whole, .* 1; carry the others\n$/,
    });
    // Whole, it goes on; here to what this machine or this model lacks.
    const whole = start(join(carried, 'one'), out);
    t.equal(readFileSync(join(kept, 'tiny.gguf'), 'utf8'), text);
    t.equal(whole.status, 1);
    t.match(whole.stderr.trim().split('\n').at(-1), /gguf|PyTorch/);
  },
);
