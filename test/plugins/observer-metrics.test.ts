/** What an observer tells Prometheus, against what its engine and the gateway's log did. */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pack } from 'msgpackr';
import t, { type Test } from 'tap';
import { Publisher } from 'zeromq';
import { EventLog } from '../../src/plugin/gateway/event-log.ts';
import { EventSource, type SourceCounts } from '../../src/plugin/observer/event-source.ts';
import { LineFile } from '../../src/plugin/observer/line-file.ts';
import { LogTail } from '../../src/plugin/observer/log-tail.ts';
import { ObserverMetrics } from '../../src/plugin/observer/observer-metrics.ts';
import { Recorder } from '../../src/plugin/observer/recorder.ts';
import { until } from './gateway-setup.ts';

const LAG = 3;

async function setUp(t: Test) {
  const publisher = new Publisher({ linger: 0 });
  await publisher.bind('tcp://127.0.0.1:*');
  const logPath = join(t.testdir({ 'access.jsonl': '' }), 'access.jsonl');
  const trace = await LineFile.create(join(t.testdirName, 'trace.jsonl'));
  const log = new EventLog(
    () => {},
    () => {},
  );
  const gatewayLog = new LogTail(logPath);
  const recorder = new Recorder({ trace, labels: undefined, gatewayLog, remembered: 1000, log });
  const source = await EventSource.open({
    endpoint: publisher.lastEndpoint ?? '',
    replay: undefined,
    take: (payload) => recorder.take(payload),
    restarted: () => recorder.restarted(0),
    lost: (from, to) => recorder.lost(from, to),
  });
  const ended = source.run();
  const metrics = await ObserverMetrics.listen('127.0.0.1', 0);
  metrics.read(source, recorder, [trace]);
  t.teardown(async () => {
    source.close();
    publisher.close();
    await ended;
    await trace.close();
  });
  const send = (number: number, payload: Buffer) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(number));
    return publisher.send(['', bytes, payload]);
  };
  return { recorder, source, metrics, logPath, send };
}

function batch(...events: object[]): Buffer {
  return pack([Date.now() / 1000 - LAG, events, null]);
}

function stored(...blocks: number[]): object {
  return {
    type: 'BlockStored',
    block_hashes: blocks,
    parent_block_hash: null,
    token_ids: new Array(16 * blocks.length).fill(1),
    block_size: 16,
  };
}

/** Every sample with this project's prefix. */
async function samples(port: number): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = [...text.matchAll(/^onebit_observer_(\S+?)(?:\{\w+="(.*)"\})? (\S+)$/gm)];
  return Object.fromEntries(
    lines.map(([, name, label, value]) => [label ? `${name} ${label}` : name, +value]),
  );
}

/** The counts once all that was sent has come or was missed. */
async function settled({ counts }: EventSource, sent: number): Promise<SourceCounts> {
  await until(() => counts.messages + counts.missed === sent);
  return { ...counts };
}

t.test('every count is that of the observer, however often it is asked', async (t) => {
  const { recorder, source, metrics, logPath, send } = await setUp(t);
  // A publisher drops what comes before the subscription.
  let sent = 0;
  await until(() => {
    send(sent++, batch());
    return source.counts.messages > 0;
  });
  const { messages, gaps, missed } = await settled(source, sent);
  await send(sent, batch(stored(1, 2), { type: 'BlockRemoved', block_hashes: [7] }));
  const wrong = { type: 'BlockStored', block_hashes: ['x'], block_size: 16 };
  await send(sent + 4, batch({ type: 'AllBlocksCleared' }, wrong));
  await send(sent + 5, Buffer.from('nonsense'));
  await send(sent + 8, batch(stored(3)));
  await until(() => source.counts.messages === messages + 4);
  const timestamp = Date.now() - 1000 * LAG;
  const request = { timestamp, milliseconds: 100, input_length: 32, output_length: 1, cached_length: 0 };
  const lines = [
    { ...request, hash_ids: [11] },
    { ...request, input_length: 900, hash_ids: [12] },
  ];
  appendFileSync(logPath, `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnonsense\n`);
  recorder.advance(timestamp / 1000);
  t.match(await samples(metrics.port), { waiting_requests: 2, joined_requests_total: 0 });
  recorder.advance(timestamp / 1000 + 10);
  for (let question = 0; question < 2; question++) {
    const { lag_seconds, ...counts } = await samples(metrics.port);
    t.ok(lag_seconds >= LAG && lag_seconds < LAG + 2, `a lag of ${lag_seconds} s`);
    t.strictSame(counts, {
      messages_total: messages + 4,
      gaps_total: gaps + 2,
      missed_messages_total: missed + 5,
      replayed_messages_total: 0,
      publisher_restarts_total: 0,
      'events_total stored': 2,
      'events_total removed': 1,
      'events_total cleared': 1,
      'corrupt_total a block hash is of type string': 1,
      'corrupt_total unreadable message': 1,
      'corrupt_total unreadable log line': 1,
      joined_requests_total: 1,
      unmatched_requests_total: 1,
      orphans_total: 0,
      accesses_again_total: 0,
      accesses_after_removal_total: 0,
      lost_lines_total: 0,
      waiting_requests: 0,
    });
  }
});

t.test('nothing else is answered, and a port that is taken is told', async (t) => {
  const metrics = await ObserverMetrics.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${metrics.port}`;
  const other = await fetch(`${url}/health`);
  t.strictSame([other.status, await other.json()], [404, { error: 'GET /metrics' }]);
  t.equal((await fetch(`${url}/metrics`, { headers: { origin: 'http://evil' } })).status, 403);
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await t.rejects(
    ObserverMetrics.listen('127.0.0.1', port),
    /cannot listen \(EADDRINUSE\); choose another --metrics-host or --metrics-port/,
  );
});
