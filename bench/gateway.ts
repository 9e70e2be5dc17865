/**
 * `node --import tsx bench/gateway.ts --model FILE [--seconds N] [--rate N]`: what the gateway costs. Prompts of generated
 * sessions arrive at random times, on average so many a second, by turns through the gateway and at the engine itself, which
 * answers at once; the gateway has one processor core where the system can tie it to one (`taskset`).
 */
import { spawn, spawnSync } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Failure } from '../src/support/failure.ts';
import { SeededRandom } from '../src/support/random.ts';
import type { ServingTrace } from '../src/traces/serving-trace.ts';
import { generateSessions } from '../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../src/traces/session-parameters.ts';

/** Bytes of text that stand for a block of 512 tokens. */
const BLOCK_BYTES = 2048;

interface Started {
  readonly url: string;
  readonly admin: string;
  readonly stop: () => Promise<void>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      seconds: { type: 'string', default: '30' },
      rate: { type: 'string', default: '200' },
    },
  });
  const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
  if (values.model === undefined || !(seconds > 0 && rate > 0))
    throw new Failure('give --model FILE (onebit train makes one), and positive --seconds and --rate');
  const engine = await startEngine();
  const gateway = await startGateway(engine.url, values.model);
  const requests = 2 * Math.ceil(seconds * rate);
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests }, 1);
  const bodies = Array.from({ length: requests }, (_, r) => promptOf(trace, r));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / requests;
  // As long before, for Node.js to have compiled what is measured.
  await load([gateway.url], bodies.slice(0, requests / 2), rate);
  const before = await histogram(gateway.admin);
  const [through, direct] = await load([gateway.url, engine.url], bodies, 2 * rate);
  const after = await histogram(gateway.admin);
  const count = after.count - before.count;
  const share = (bound: string) => (100 * (after.buckets[bound] - before.buckets[bound])) / count;
  console.log(
    `${count} prompts in ${seconds} s, on average ${(bytes / 1024).toFixed(0)} KiB, ${after.late - before.late} without a bit in time`,
  );
  for (const bound of Object.keys(after.buckets))
    console.log(`decided within ${bound} s: ${share(bound).toFixed(2)}%`);
  for (const [name, times] of Object.entries({ 'through the gateway': through, 'engine itself': direct }))
    console.log(
      `${name.padEnd(20)} median ${quantile(times, 0.5)} ms, 99% ${quantile(times, 0.99)} ms, ${times.length} answers`,
    );
  console.log(
    `memory of the gateway: ${(after.memory / 2 ** 20).toFixed(0)} MiB; processor: ${((100 * (after.processor - before.processor)) / seconds).toFixed(0)}% of a core`,
  );
  await gateway.stop();
  await engine.stop();
}

function promptOf({ blocks, firstBlock, inputTokens }: ServingTrace, r: number): Buffer {
  const path = blocks.pages.subarray(firstBlock[r], firstBlock[r + 1]);
  const text = Array.from(path, (block) => `${block} `.repeat(BLOCK_BYTES).slice(0, BLOCK_BYTES)).join('');
  const content = text.slice(0, Math.ceil((inputTokens[r] * BLOCK_BYTES) / 512));
  return Buffer.from(JSON.stringify({ model: 'none', messages: [{ role: 'user', content }] }));
}

async function startEngine(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end('{"usage":{"prompt_tokens":9,"completion_tokens":1}}'));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

async function startGateway(upstream: string, model: string): Promise<Started> {
  const tied = spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', '0'] : [];
  // As docs/gateway.md advises for one core.
  const node = [process.execPath, ...(tied.length > 0 ? ['--single-threaded-gc'] : []), '--import', 'tsx'];
  const source = new URL('../src/cli/main.ts', import.meta.url).pathname;
  const options = ['--upstream', upstream, '--engine', 'vllm', '--model', model, '--port', '0'];
  const [program, ...rest] = [...tied, ...node, source, 'serve', ...options];
  const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'pipe'] });
  let address: { port: number; adminPort: number } | undefined;
  for await (const line of createInterface(child.stderr)) {
    const event = JSON.parse(line);
    if (event.event === 'listening') address = event;
    if (event.event === 'model at work') break;
    if (event.level === 'warning') throw new Failure(line);
  }
  if (address === undefined) throw new Failure('the gateway did not start');
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  };
  return { url: `http://127.0.0.1:${address.port}`, admin: `http://127.0.0.1:${address.adminPort}`, stop };
}

/** Posts each body to the next of the servers in turn; milliseconds of each answer, by server. */
async function load(urls: readonly string[], bodies: readonly Buffer[], rate: number): Promise<number[][]> {
  const random = new SeededRandom(1);
  const times = urls.map(() => [] as number[]);
  const answers: Promise<void>[] = [];
  let due = performance.now();
  for (const [i, body] of bodies.entries()) {
    due += (1000 * random.exponential()) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const start = performance.now();
    const at = i % urls.length;
    const answer = post(`${urls[at]}/v1/chat/completions`, body).then(() => {
      times[at].push(performance.now() - start);
    });
    answers.push(answer);
  }
  await Promise.all(answers);
  return times;
}

const agent = new Agent({ keepAlive: true });

function post(url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      incoming.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end(body);
  });
}

interface Histogram {
  readonly count: number;
  readonly late: number;
  readonly buckets: Readonly<Record<string, number>>;
  readonly memory: number;
  readonly processor: number;
}

async function histogram(admin: string): Promise<Histogram> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1] ?? 0,
    );
  const buckets = [...text.matchAll(/^onebit_decision_seconds_bucket\{le="([\d.]+)"\} (\d+)/gm)];
  return {
    count: value('onebit_decision_seconds_count'),
    late: value('onebit_decisions_total{outcome="late"}'),
    buckets: Object.fromEntries(buckets.map(([, bound, count]) => [bound, Number(count)])),
    memory: value('process_resident_memory_bytes'),
    processor: value('process_cpu_seconds_total'),
  };
}

function quantile(times: readonly number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(2);
}

await main();
agent.destroy();
