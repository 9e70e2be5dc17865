/**
 * SGLang as published serves on a CPU: the gateway in front, the observer beside it, the strategy in its radix cache. One request
 * at a time, so that what the engine tells is the request's, and the bits of all earlier ones are known when a block leaves.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { EventSource } from '../../src/plugin/observer/event-source.ts';
import { decodeBatch, type KvEvent } from '../../src/plugin/observer/kv-events.ts';
import { isDiscarded } from '../../src/predictors/cut-point.ts';
import { writeModel } from '../../src/predictors/model.ts';
import { Conversations, disagreements, type Recorded } from '../plugins/conversations.ts';
import { keepsFirst } from '../plugins/made-up-model.ts';
import {
  type Environment,
  freePorts,
  isWell,
  onebit,
  Service,
  SGLANG,
  tinyModel,
  WHOLE,
  wholeEngine,
} from '../plugins/whole-engine.ts';
import { installed } from './installed.ts';

/** Tokens of a block, and of the cache. */
const [BLOCK, TOKENS] = [16, 2048];
/** Blocks of text that the made-up model keeps, and the bytes of one. */
const [KEPT, TEXT_BLOCK] = [6, 64];
const [SESSIONS, TURNS] = [8, 6];
const REQUESTS = SESSIONS * TURNS;

t.setTimeout(900_000);
const environment = installed('gcc') ? wholeEngine(SGLANG) : 'gcc cannot be installed';
if (typeof environment === 'string') t.pass('a whole SGLang', { skip: environment });
else await t.test('a whole SGLang', (t) => serve(t, environment));

interface Line extends Recorded {
  readonly keep_length: number;
}

async function serve(t: Test, environment: Environment): Promise<void> {
  // Not the test's own folder, which goes before the programs end.
  const folder = mkdtempSync(join(tmpdir(), 'onebit-whole-'));
  const at = (name: string) => join(folder, name);
  const [port, gatewayPort, adminPort, metricsPort, events, replay] = await freePorts(6);
  const url = `http://127.0.0.1:${port}`;
  writeModel(at('chat.onebit'), keepsFirst(KEPT));
  const engine = startEngine(environment, at, { port, events, replay });
  t.teardown(() => engine.end());
  await engine.until(() => isWell(`${url}/health`), 400);
  const gateway = onebit(at('gateway.txt'), ...gatewayOptions(at, url, gatewayPort, adminPort));
  t.teardown(() => gateway.end());
  const observer = onebit(at('observer.txt'), ...observerOptions(at, events, replay, metricsPort));
  t.teardown(() => observer.end());
  await Promise.all([
    gateway.until((output) => output.includes('model at work'), 60),
    observer.until((output) => output.includes('"recording"'), 60),
  ]);
  const heard = await listen(`tcp://127.0.0.1:${events}`);

  const conversations = new Conversations(`http://127.0.0.1:${gatewayPort}`, SESSIONS, { ignore_eos: true });
  for (let turn = 0; turn < TURNS; turn++) await conversations.turn(1);
  const decisions = await metricsOf(adminPort);
  // The observer waits two seconds for what the engine tells late.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const observed = await metricsOf(metricsPort);
  heard.close();
  await observer.end();
  await gateway.end();

  const { asked } = conversations;
  t.equal(asked.length, REQUESTS);
  t.match(engine.output, /onebit: discard\(lru\) decides over the radix cache/);
  t.notMatch(engine.output, /WARNING.*onebit/);
  t.ok(
    asked.some(({ cachedTokens }) => cachedTokens > 0),
    'prompts were found in the cache',
  );
  const log = linesOf<Line>(at('access.jsonl'));
  const bits = log.map(({ hash_ids }) => isDiscarded(Math.min(KEPT, hash_ids.length), hash_ids.length));
  t.match(
    decisions,
    new RegExp(`^onebit_decisions_total{outcome="discard"} ${bits.filter(Boolean).length}$`, 'm'),
  );
  t.match(observed, new RegExp(`^onebit_observer_joined_requests_total ${REQUESTS}$`, 'm'));
  t.match(observed, /^onebit_observer_unmatched_requests_total 0$/m);
  t.notMatch(observed, /^onebit_observer_corrupt_total/m);
  const trace = linesOf<Recorded>(at('engine.jsonl'));
  t.strictSame(disagreements(asked, trace, BLOCK), [], 'the trace tells the blocks of every prompt');
  const left = victims(heard.events, trace, bits);
  t.strictSame(left.wrong, [], 'nothing to be kept left while a leaf that was safe to discard could have');
  t.ok(left.discarded > 30, `${left.discarded} blocks that were safe to discard left`);
  t.ok(left.kept > 30, `${left.kept} others left when there were none`);
}

/** A path in the test's folder. */
type At = (name: string) => string;

function startEngine(
  environment: Environment,
  at: At,
  ports: Record<'port' | 'events' | 'replay', number>,
): Service {
  const driver = at('libcuda.so.1');
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-o', driver, join(WHOLE, 'no_cuda.c')]);
  if (status !== 0) throw new Error(`${stderr}`);
  const events = {
    enable_kv_cache_events: true,
    publisher: 'zmq',
    endpoint: `tcp://*:${ports.events}`,
    replay_endpoint: `tcp://*:${ports.replay}`,
  };
  const options = {
    'model-path': tinyModel(environment),
    'served-model-name': 'tiny',
    'load-format': 'dummy',
    device: 'cpu',
    'attention-backend': 'torch_native',
    'radix-eviction-policy': 'onebit',
    host: '127.0.0.1',
    port: ports.port,
    'max-total-tokens': TOKENS,
    'context-length': TOKENS,
    'page-size': BLOCK,
    'kv-events-config': JSON.stringify(events),
  };
  const flags = ['--skip-server-warmup', '--enable-cache-report', '--disable-overlap-schedule'];
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return new Service(
    at('sglang.txt'),
    environment.python,
    ['-m', 'sglang.launch_server', ...flags, ...given],
    {
      LD_LIBRARY_PATH: at('.'),
      HF_HUB_OFFLINE: '1',
      SGLANG_USE_CPU_ENGINE: '1',
    },
  );
}

function gatewayOptions(at: At, url: string, port: number, adminPort: number): string[] {
  const options = {
    upstream: url,
    engine: 'sglang',
    model: at('chat.onebit'),
    log: at('access.jsonl'),
    port,
    'admin-port': adminPort,
    'cache-tokens': TOKENS,
    'block-bytes': TEXT_BLOCK,
    // Machines that run tests may be busy.
    budget: 2000,
  };
  return ['serve', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])];
}

function observerOptions(at: At, events: number, replay: number, metricsPort: number): string[] {
  const options = {
    'kv-events': `tcp://127.0.0.1:${events}`,
    replay: `tcp://127.0.0.1:${replay}`,
    log: at('access.jsonl'),
    out: at('engine.jsonl'),
    'metrics-port': metricsPort,
  };
  return [
    'trace',
    'record',
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  ];
}

/** All events from now on, each with its time. */
async function listen(endpoint: string) {
  const events: (readonly [number, KvEvent])[] = [];
  const source = await EventSource.open({
    endpoint,
    replay: undefined,
    take: (payload) => {
      const batch = decodeBatch(payload);
      for (const event of batch.events) events.push([batch.time, event]);
    },
    restarted: () => {},
    lost: () => {},
  });
  source.run();
  // For the subscription to reach the engine.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return { events, close: () => source.close() };
}

async function metricsOf(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

function linesOf<Of>(path: string): Of[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/**
 * Who left the cache, against the requests' bits: a block is kept if one of its requests says so.
 *
 * @param bits of each request, whether its blocks are safe to discard
 * @returns how many blocks of either kind left, and a line for each that was to be kept while another could have left
 */
function victims(
  events: readonly (readonly [number, KvEvent])[],
  trace: readonly Recorded[],
  bits: readonly boolean[],
) {
  const parentOf = new Map<number, number | undefined>();
  const kept = new Set<number>();
  const resident = new Set<number>();
  const count = { discarded: 0, kept: 0, wrong: [] as string[] };
  let request = -1;
  for (const [time, event] of events) {
    while (request + 1 < trace.length && trace[request + 1].timestamp / 1000 <= time) request++;
    if (event.kind === 'cleared' || request < 0) continue;
    const { hash_ids } = trace[request];
    if (event.kind === 'stored') {
      const owner = ownerOf(event, trace.slice(0, request + 1));
      if (!bits[owner]) for (const block of [...trace[owner].hash_ids, ...event.blocks]) kept.add(block);
      for (const [i, block] of event.blocks.entries()) {
        parentOf.set(block, i === 0 ? event.parent : event.blocks[i - 1]);
        resident.add(block);
      }
      continue;
    }
    for (const block of event.blocks) resident.delete(block);
    const inner = new Set([...hash_ids, ...[...resident].map((block) => parentOf.get(block))]);
    const could = [...resident].filter((block) => !inner.has(block) && !kept.has(block));
    for (const block of event.blocks) {
      if (!kept.has(block)) count.discarded++;
      else if (could.length === 0) count.kept++;
      else count.wrong.push(`request ${request}: ${block} left, ${could} could have`);
    }
  }
  return count;
}

/** The latest request that an event may be of: on a busy machine it is told after the next request has come. */
function ownerOf(
  { blocks, parent }: Extract<KvEvent, { kind: 'stored' }>,
  begun: readonly Recorded[],
): number {
  const own = begun.findLastIndex(({ hash_ids }) => blocks.some((block) => hash_ids.includes(block)));
  if (own >= 0 || parent === undefined) return Math.max(own, 0);
  const answered = begun.findLastIndex(({ hash_ids }) => hash_ids.includes(parent));
  return answered >= 0 ? answered : begun.length - 1;
}
