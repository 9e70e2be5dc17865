/** Sweeps over a real server, Debian's redis-server, whose workers die, and which dies itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t from 'tap';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { queueName } from '../../src/queue/cell-queue.ts';
import { connect } from '../../src/queue/connection.ts';
import { submitCells } from '../../src/queue/submit-cells.ts';
import { type Comparison, compare, plan } from '../../src/simulator/compare.ts';
import { sweep } from '../../src/simulator/sweep.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { installed } from './installed.ts';

const skip = installed('redis-server') ? false : 'redis-server is not here and apt-get cannot install it';
const folder = t.testdir();
const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
const running = new Set<ChildProcess>();
t.teardown(() => {
  for (const child of running) child.kill('SIGKILL');
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

/** @param kept whether what it holds outlives it */
async function startServer(kept: boolean): Promise<ChildProcess> {
  const appending = kept ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const child = start('redis-server', ['--port', String(port), '--save', '', ...appending, '--dir', folder]);
  (await connect(url)).disconnect();
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function startWorker(...flags: string[]): ChildProcess {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const main = join(process.cwd(), 'src/cli/main.ts');
  return start(process.execPath, [
    ...flags,
    '--import',
    loader,
    main,
    'worker',
    '--queue',
    url,
    '--workers',
    '1',
  ]);
}

/** Ends a worker as an administrator would, and tells what it said at the end. */
async function stop(worker: ChildProcess): Promise<string> {
  let text = '';
  worker.stdout?.on('data', (chunk) => (text += chunk));
  const exit = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exit;
  return text;
}

const comparison: Comparison = {
  trace: generateSessions({ ...DEFAULT_SESSIONS, requests: 1200 }, 3),
  policies: ['random', 'lirs', 'lazy-mark0', 'discard(lru)', 'switch(discard(lru),lru)'].map(findPolicy),
  capacities: [100, 800],
  predictions: [
    { kind: 'flip', probability: 0.1 },
    { kind: 'adversarial', probability: 0.05 },
  ],
  seeds: [1, 2, 3],
  evaluatedFrom: 0,
};

/** Runs the comparison on the queue, and does something once so many cells have finished. */
async function overQueue(then: { after: number; act: () => Promise<unknown> }[] = []) {
  const redis = await connect(url);
  const acts: Promise<unknown>[] = [];
  const found = [];
  let counted = 0;
  const onFinished = (finished: number) => {
    counted++;
    for (const { after, act } of then) if (finished === after) acts.push(act());
  };
  const options = { workers: 1, run: submitCells(redis, comparison), onFinished };
  for await (const record of sweep(comparison, options)) found.push(record);
  await Promise.all(acts);
  redis.disconnect();
  return { found, counted };
}

async function clear(): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}

const local = [...compare(comparison)];
const cells = plan(comparison).length;

t.test(
  'two workers come to what one machine comes to, and fetch the trace once each',
  { skip },
  async (t) => {
    const server = await startServer(true);
    const workers = [startWorker(), startWorker()];
    const { found, counted } = await overQueue();
    t.strictSame(found, local);
    t.equal(counted, cells);
    const told = await Promise.all(workers.map(stop));
    const run = told.map((text) => Number(/(\d+) cells run, 1 traces fetched/.exec(text)?.[1]));
    t.equal(run[0] + run[1], cells, `no cell is run twice: ${told.join('')}`);
    await kill(server);
  },
);

t.test(
  'a worker is killed and the server restarted: no cell is lost, none counted twice',
  { skip },
  async (t) => {
    let server = await startServer(true);
    await clear();
    const workers = [startWorker(), startWorker()];
    const { found, counted } = await overQueue([
      { after: 5, act: () => kill(workers[0]) },
      {
        after: 15,
        act: async () => {
          await kill(server);
          await wait(500);
          server = await startServer(true);
        },
      },
    ]);
    t.strictSame(found, local);
    t.equal(counted, cells);
    await stop(workers[1]);
    await kill(server);
  },
);

t.test('a server that has forgotten everything is told again', { skip }, async (t) => {
  let server = await startServer(false);
  await clear();
  const worker = startWorker();
  const act = async () => {
    await kill(server);
    server = await startServer(false);
  };
  const { found, counted } = await overQueue([{ after: 8, act }]);
  t.strictSame(found, local);
  t.equal(counted, cells);
  await stop(worker);
  await kill(server);
});

t.test('a cell that cannot be run fails alone, and is not tried again', { skip }, async (t) => {
  const server = await startServer(false);
  await clear();
  const redis = await connect(url);
  const worker = startWorker();
  const run = submitCells(redis, comparison);
  const good = plan(comparison).slice(0, 4);
  const poison = { policy: 'lirsch', capacity: 100, predictions: 'none', seed: 1 };
  const outcomes = [];
  const told: number[] = [];
  for await (const outcome of run([good[0], poison, ...good.slice(1)], {
    onFinished: (cell) => told.push(cell),
  }))
    outcomes.push(outcome);
  t.equal(outcomes.filter((outcome) => 'result' in outcome).length, 4);
  t.match(outcomes[1], { failure: /unknown policy/ });
  t.strictSame(told.sort(), [0, 1, 2, 3, 4]);
  t.match(queueName(), /^onebit-[0-9a-f]{16}$/);
  redis.disconnect();
  await stop(worker);
  await kill(server);
});

t.test('a cell that kills every worker fails alone after three of them', { skip }, async (t) => {
  const server = await startServer(false);
  await clear();
  const deadly = new URL('deadly-cell.js', import.meta.url).href;
  const alive = new Set<ChildProcess>();
  let deaths = 0;
  // Whoever runs workers starts those that die again.
  const supervise = () => {
    const worker = startWorker('--import', deadly);
    alive.add(worker);
    worker.on('exit', (_, signal) => {
      alive.delete(worker);
      if (signal !== 'SIGKILL') return;
      deaths++;
      supervise();
    });
  };
  supervise();
  supervise();
  const { found, counted } = await overQueue();
  const isDeadly = ({ policy, capacity }: { policy: string; capacity: number }) =>
    policy === 'lirs' && capacity === 800;
  const others = (records: readonly { policy: string; capacity: number }[]) =>
    records.filter((record) => !isDeadly(record));
  t.strictSame(others(found), others(local));
  t.match(found.filter(isDeadly), [{ failure: 'its worker died 3 times' }]);
  t.equal(counted, cells);
  t.equal(deaths, 3);
  await Promise.all([...alive].map(stop));
  await kill(server);
});
