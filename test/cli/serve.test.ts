/** `onebit serve` and `onebit trace record` as processes. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { readTrace } from '../../src/traces/read-trace.ts';
import { FakeEngine } from '../plugins/fake-engine.ts';
import { chat, post } from '../plugins/gateway-setup.ts';
import { PROGRAM } from '../program.ts';

t.test('serve answers, tells where, and ends in order at SIGTERM', async (t) => {
  const engine = new FakeEngine();
  const upstream = (await engine.listen()).origin;
  t.teardown(() => engine.close());
  const log = join(t.testdir(), 'access.jsonl');
  const options = ['serve', '--upstream', upstream, '--port', '0', '--log', log, '--model', 'missing.onebit'];
  const child = spawn('env', [...PROGRAM, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const events: Record<string, unknown>[] = [];
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stderr)) {
    const event = JSON.parse(line);
    events.push(event);
    // A model that is not there is no reason not to serve.
    if (event.event !== 'model refused') continue;
    const { port, adminPort } = events[0];
    t.equal((await post(`http://127.0.0.1:${port}`, chat(['Hello']))).status, 200);
    t.match(await (await fetch(`http://127.0.0.1:${adminPort}/health`)).json(), {
      status: 'ok',
      model: null,
    });
    child.kill('SIGTERM');
  }
  t.strictSame(await ended, [0, null]);
  t.strictSame(
    events.map(({ event }) => event),
    ['listening', 'model refused', 'draining', 'closed'],
  );
  t.match(events[1].remedy, /missing\.onebit: cannot be read .*make one with onebit train/);
  t.equal(readTrace(log).time.length, 1);
  t.match(readFileSync(`${log}.key`, 'utf8'), /^[0-9a-f]{64}\n$/);
});

t.test('record tells where its metrics are, on loopback, and ends in order at SIGTERM', async (t) => {
  const options = [
    '--kv-events',
    'tcp://127.0.0.1:1',
    '--out',
    join(t.testdir(), 'trace'),
    '--metrics-port',
    '0',
  ];
  const child = spawn('env', [...PROGRAM, 'trace', 'record', ...options]);
  t.teardown(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stderr)) {
    const { event, metricsPort } = JSON.parse(line);
    if (event !== 'recording') continue;
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    t.match(metrics, /^onebit_observer_messages_total 0$/m);
    child.kill('SIGTERM');
  }
  t.strictSame(await ended, [0, null]);
});

t.test('what cannot be done is told in one line, and nothing is left behind', async (t) => {
  const folder = t.testdir({ 'no-log': 'something else', trace: '' });
  const at = (name: string) => join(folder, name);
  const serve = ['serve', '--upstream', 'http://127.0.0.1:1', '--port', '0'];
  const record = ['trace', 'record', '--kv-events', 'tcp://127.0.0.1:1'];
  for (const [options, message] of [
    [['serve', '--upstream', '127.0.0.1:1'], /--upstream: .*is not the URL of an engine/],
    [[...serve, '--admin-port', 'x'], /--admin-port: must be a whole number in 0 … 65535/],
    [[...serve, '--log', at('no-log')], /no-log: cannot be written \(it holds something else/],
    [[...serve, '--host', '192.0.2.1'], /192\.0\.2\.1:0: cannot listen \(EADDRNOTAVAIL\)/],
    [[...record, '--out', at('trace')], /trace: there is such a file already/],
    [
      [...record, '--out', at('new'), '--metrics-port', 'x'],
      /--metrics-port: must be a whole number in 0 … 65535/,
    ],
    [
      [...record, '--out', at('new'), '--metrics-host', '192.0.2.1', '--metrics-port', '0'],
      /192\.0\.2\.1:0: cannot listen/,
    ],
  ] as const) {
    const { status, stderr } = spawnSync('env', [...PROGRAM, ...options], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    t.equal(status, 1, options.join(' '));
    t.match(stderr, message);
    t.equal(stderr.trim().split('\n').length, 1, stderr);
  }
  t.equal(readFileSync(at('no-log'), 'utf8'), 'something else');
  t.notOk(existsSync(at('new')));
});
