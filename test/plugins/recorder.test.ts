/** The observer's trace and labels, of events and log lines that tests make. */
import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from 'msgpackr';
import t, { type Test } from 'tap';
import { EventLog } from '../../src/plugin/gateway/event-log.ts';
import type { Label } from '../../src/plugin/observer/labels.ts';
import { LineFile } from '../../src/plugin/observer/line-file.ts';
import { LogTail } from '../../src/plugin/observer/log-tail.ts';
import { Recorder } from '../../src/plugin/observer/recorder.ts';
import { readTrace } from '../../src/traces/read-trace.ts';

const BLOCK = 16;
/** Any time of this century. */
const START = 1_800_000_000;

async function setUp(t: Test, joined: boolean, remembered = 1000) {
  const folder = t.testdir({ 'access.jsonl': 'a line of before\n' });
  const [out, labelPath, logPath] = ['trace.jsonl', 'labels.jsonl', 'access.jsonl'].map((name) =>
    join(folder, name),
  );
  const told: string[] = [];
  const trace = await LineFile.create(out);
  const labels = await LineFile.create(labelPath);
  const recorder = new Recorder({
    trace,
    labels,
    gatewayLog: joined ? new LogTail(logPath) : undefined,
    remembered,
    log: new EventLog(
      () => {},
      (complaint) => told.push(complaint),
    ),
  });
  const end = async () => {
    recorder.end();
    await trace.close();
    await labels.close();
    const lines = readFileSync(labelPath, 'utf8').trim().split('\n');
    return { trace: readTrace(out), labels: lines.map((line): Label => JSON.parse(line)) };
  };
  return { recorder, told, end, logPath, out };
}

function stored(parent: number | null, blocks: readonly number[], medium = 'GPU'): object {
  const tokens = { token_ids: new Array(BLOCK * blocks.length).fill(1), block_size: BLOCK };
  return {
    type: 'BlockStored',
    block_hashes: blocks,
    parent_block_hash: parent,
    ...tokens,
    lora_id: null,
    medium,
  };
}

/** What vLLM tells of a block that it copied to its CPU tier. */
function copied(block: number): object {
  return {
    type: 'BlockStored',
    block_hashes: [block],
    parent_block_hash: null,
    token_ids: [],
    block_size: 0,
    medium: 'CPU',
  };
}

function removed(blocks: readonly number[], medium: string): object {
  return { type: 'BlockRemoved', block_hashes: blocks, medium };
}

/** A message of the engine, some seconds after the start. */
function batch(seconds: number, ...events: object[]): Buffer {
  return pack([START + seconds, events, null]);
}

/** A line of the gateway's log. */
function logged(seconds: number, input: number, hashes: readonly number[], cached?: number): string {
  const answer = { output_length: 4, hash_ids: hashes, status: 200, milliseconds: 100 };
  const found = cached === undefined ? {} : { cached_length: cached };
  return `${JSON.stringify({ timestamp: (START + seconds) * 1000, input_length: input, ...answer, ...found })}\n`;
}

t.test('a request has the blocks that it computed after those that it found', async (t) => {
  const { recorder, end, logPath } = await setUp(t, true);
  recorder.take(batch(0.05, stored(null, [1, 2]), stored(2, [3])));
  // The next turn finds two blocks and computes two more; one of another prompt comes between.
  recorder.take(batch(10.02, stored(2, [21])));
  recorder.take(batch(10.04, stored(null, [8])));
  recorder.take(batch(10.06, stored(21, [22])));
  appendFileSync(logPath, logged(0, 50, [70, 71]));
  appendFileSync(logPath, logged(10, 66, [70, 72, 73], 32) + logged(10.01, 20, [90], 0));
  recorder.advance(START + 11);
  t.equal(recorder.requests, 1, 'the others may still go on');
  recorder.advance(START + 20);
  // The same prompt again computes nothing.
  appendFileSync(logPath, logged(30, 66, [70, 72, 73], 64));
  recorder.advance(START + 40);
  const { trace, labels } = await end();
  t.strictSame([...trace.blocks.pages], [0, 1, 2, 0, 1, 3, 4, 5, 0, 1, 3, 4]);
  t.strictSame([...trace.firstBlock], [0, 3, 7, 8, 12]);
  t.strictSame([...trace.parent], [-1, 0, -1, 1]);
  t.equal(recorder.unmatched, 0);
  const of = (hash: number) => labels.filter(({ hash_id }) => hash_id === hash).map(({ next }) => next);
  t.strictSame(of(1), [10, 20, null]);
  t.strictSame(of(3), [null]);
  t.equal(labels.length, trace.blocks.pages.length, 'each access has its label');
});

t.test('what is loaded from a slower tier was found, though the engine stores it anew', async (t) => {
  const { recorder, end, logPath } = await setUp(t, true);
  recorder.take(batch(0.05, stored(null, [1]), stored(1, [2, 3])));
  recorder.take(batch(0.06, copied(1), copied(2), copied(3), copied(99)));
  appendFileSync(logPath, logged(0, 50, [70]));
  recorder.advance(START + 9);
  recorder.take(batch(9.5, removed([3, 2], 'GPU')));
  // One block of the next turn is where it was, two are loaded and one is computed.
  recorder.take(batch(10.02, stored(1, [2, 3])));
  recorder.take(batch(10.04, stored(3, [4])));
  appendFileSync(logPath, logged(10, 66, [70, 71], 48));
  recorder.advance(START + 20);
  const { trace, labels } = await end();
  t.equal(recorder.unmatched, 0);
  t.strictSame([...trace.blocks.pages], [0, 1, 2, 0, 1, 2, 3]);
  t.equal(labels.filter((label) => label.removed).length, 0, 'copies remained');
});

t.test('turns that follow each other sooner than the log is read are told apart', async (t) => {
  const { recorder, end, logPath } = await setUp(t, true);
  // Blocks 3, 5 and 7 hold the ends of the prompts and the answers.
  recorder.take(batch(0.05, stored(null, [1, 2])));
  recorder.take(batch(0.3, stored(2, [3])));
  recorder.take(batch(2.05, stored(3, [4])));
  recorder.take(batch(2.3, stored(4, [5])));
  recorder.take(batch(4.05, stored(5, [6])));
  recorder.take(batch(4.3, stored(6, [7])));
  const turn = (seconds: number, input: number, hashes: number[], cached: number) =>
    logged(seconds, input, hashes, cached).replace('"output_length":4', '"output_length":16');
  appendFileSync(logPath, turn(0, 40, [70], 0) + turn(2, 72, [70, 71], 48) + turn(4, 104, [70, 71, 72], 80));
  recorder.advance(START + 20);
  const { trace } = await end();
  t.equal(recorder.unmatched, 0);
  t.strictSame([...trace.firstBlock], [0, 2, 6, 12]);
});

t.test(
  "what an engine stored after a request had ended is the next turn's, however long the log calls the answer",
  async (t) => {
    const { recorder, end, logPath } = await setUp(t, true);
    recorder.take(batch(0.05, stored(null, [1, 2])));
    recorder.take(batch(5.05, stored(2, [3, 4])));
    const estimated = logged(0, 40, [70], 0).replace('"output_length":4', '"output_length":90');
    appendFileSync(logPath, estimated + logged(5, 70, [70, 71, 72], 32));
    recorder.advance(START + 20);
    const { trace } = await end();
    t.equal(recorder.unmatched, 0);
    t.strictSame([...trace.blocks.pages], [0, 1, 0, 1, 2, 3]);
  },
);

t.test('labels tell removals, and which of them were regretted', async (t) => {
  const { recorder, end } = await setUp(t, false);
  recorder.take(batch(0, stored(null, [1]), stored(null, [2]), stored(null, [3])));
  recorder.advance(START + 8);
  recorder.take(batch(10, removed([1, 2], 'GPU')));
  recorder.take(batch(20, stored(null, [1])));
  recorder.advance(START + 30);
  const { labels } = await end();
  t.strictSame(labels.map(({ hash_id, next, removed }) => [hash_id, next, removed]).sort(), [
    [1, null, false],
    [1, 20, true],
    [2, null, true],
    [3, null, false],
  ]);
  t.equal(recorder.labels.regretted, 1);
});

t.test('a block in two places is gone when it has left both; a restart empties all', async (t) => {
  const { recorder, end } = await setUp(t, false);
  recorder.take(batch(0, stored(null, [1]), stored(null, [2])));
  recorder.take(batch(1, stored(null, [1], 'CPU')));
  recorder.take(batch(2, removed([1], 'GPU')));
  recorder.advance(START + 8);
  t.equal(recorder.tree.leftAt(recorder.tree.find(1)), -1);
  recorder.take(batch(9, removed([1], 'CPU')));
  t.equal(recorder.tree.leftAt(recorder.tree.find(1)), START + 9);
  recorder.restarted(START + 12);
  t.equal(recorder.tree.leftAt(recorder.tree.find(2)), START + 12);
  t.equal((await end()).trace.time.length, 2, 'copies are no requests');
});

t.test('whatever is corrupt is counted and left out, and the rest goes on', async (t) => {
  const { recorder, told, end, logPath } = await setUp(t, true);
  recorder.take(Buffer.from('nonsense'));
  recorder.take(batch(0.05, { type: 'BlockStored', block_hashes: ['x'] }, stored(null, [1])));
  recorder.take(batch(0.06, stored(99, [100])));
  appendFileSync(logPath, `not JSON\n{"timestamp":"x"}\n${logged(0, 17, [70])}`);
  recorder.lost(3, 5);
  recorder.advance(START + 9);
  t.strictSame(told, [
    'corrupt message',
    'corrupt event',
    'messages lost',
    'corrupt log line',
    'corrupt log line',
  ]);
  t.equal((await end()).trace.time.length, 1);
  t.equal(recorder.tree.orphans, 1);
});

t.test('memory is bounded: blocks are forgotten, and labelled then', async (t) => {
  const { recorder, end } = await setUp(t, false, 1000);
  for (let i = 0; i < 5000; i++) {
    recorder.take(batch(i, stored(null, [i])));
    if (i % 10 === 0) recorder.advance(START + i);
  }
  recorder.advance(START + 9000);
  const { labels, trace } = await end();
  t.equal(trace.time.length, 5000);
  t.equal(labels.length, 5000);
});

t.test('the log may be moved away and begin anew', async (t) => {
  const { recorder, end, logPath } = await setUp(t, true);
  recorder.take(batch(0.05, stored(null, [1])));
  recorder.take(batch(5.05, stored(null, [2])));
  appendFileSync(logPath, logged(0, 17, [70]));
  recorder.advance(START + 1);
  renameSync(logPath, `${logPath}.1`);
  writeFileSync(logPath, logged(5, 17, [71]));
  recorder.advance(START + 4);
  recorder.advance(START + 12);
  t.equal((await end()).trace.time.length, 2);
});

t.test('a file that is there is not written over', async (t) => {
  const { out } = await setUp(t, false);
  await t.rejects(LineFile.create(out), /trace\.jsonl: there is such a file already; choose another name/);
});

t.test('blocks that say they follow each other in a circle do no harm', async (t) => {
  const { recorder, end } = await setUp(t, false);
  recorder.take(batch(0, stored(null, [1, 2, 3]), stored(3, [1]), stored(1, [2])));
  recorder.advance(START + 9);
  t.ok((await end()).trace.blocks.pages.length <= 6);
});

t.test('blocks that are stored again soon are another request', async (t) => {
  const { recorder, end } = await setUp(t, false);
  recorder.take(batch(0, stored(null, [1, 2])));
  recorder.restarted(START + 1);
  recorder.take(batch(2, stored(null, [1]), stored(1, [2])));
  const { trace, labels } = await end();
  t.strictSame([...trace.blocks.pages], [0, 1, 0, 1]);
  t.strictSame(labels.map(({ removed }) => removed).sort(), [false, false, true, true]);
});

t.test('where one of the files is there already, none is begun', async (t) => {
  const folder = t.testdir({ 'labels.jsonl': 'of an hour ago\n' });
  const [out, labels] = ['trace.jsonl', 'labels.jsonl'].map((name) => join(folder, name));
  await t.rejects(LineFile.createAll([out, labels]), {
    message: /labels\.jsonl: there is such a file already; /,
  });
  await t.rejects(LineFile.createAll([out, out]), {
    message: /trace\.jsonl: there is such a file already; /,
  });
  t.strictSame(readdirSync(folder), ['labels.jsonl']);
  t.equal(readFileSync(labels, 'utf8'), 'of an hour ago\n');
});
