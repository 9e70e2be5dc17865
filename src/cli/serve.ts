import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import { ENGINES, type Engine } from '../plugin/gateway/engine-field.ts';
import { installKey } from '../plugin/gateway/install-key.ts';
import { BYTES_PER_TOKEN } from '../plugin/gateway/prompt-service.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { Failure } from '../support/failure.ts';
import { whole } from './arguments.ts';

interface Arguments {
  upstream: string;
  engine: Engine;
  model: string | undefined;
  'cache-tokens': number;
  host: string;
  port: number;
  'admin-host': string;
  'admin-port': number | undefined;
  budget: number;
  'block-bytes': number | undefined;
  'max-body': number;
  log: string | undefined;
  key: string | undefined;
  policy: string;
  off: boolean;
  drain: number;
}

/** Blocks and requests that the predictor remembers; some 60 MB. */
const REMEMBERED = { rememberedBlocks: 1 << 18, rememberedRequests: 1 << 16 };
/** All bodies together may hold as much as so many of the largest. */
const LARGEST_BODIES = 16;

/** `onebit serve`: the gateway. */
export const serve: CommandModule<object, Arguments> = {
  command: 'serve',
  describe: 'a proxy in front of a serving engine that tells it what to keep (docs/gateway.md)',
  builder: (yargs) =>
    yargs
      .option('upstream', { type: 'string', demandOption: true, describe: 'URL of the engine' })
      .option('engine', {
        choices: ENGINES,
        default: 'none' as const,
        describe: 'whose field to write; none: only the log',
      })
      .option('model', {
        type: 'string',
        describe: 'model file of onebit train; without one nothing is written',
      })
      .option('cache-tokens', {
        type: 'number',
        default: 100_000,
        describe: 'tokens that the engine’s cache holds',
      })
      .option('log', { type: 'string', describe: 'access log, a trace; appended to' })
      .option('key', { type: 'string', describe: 'key file of the log’s hashes; LOG.key if absent' })
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen on' })
      .option('port', { type: 'number', default: 8100, describe: 'port to listen on' })
      .option('admin-host', {
        type: 'string',
        default: '127.0.0.1',
        describe: 'address of /health, /metrics and the kill switch',
      })
      .option('admin-port', {
        type: 'number',
        describe: 'port of /health and /metrics; the next one if absent',
      })
      .option('budget', {
        type: 'number',
        default: 5,
        describe: 'milliseconds that a prompt may wait for its bit',
      })
      .option('block-bytes', {
        type: 'number',
        describe: 'bytes of text in a block; 2048 if absent, 256 for llama.cpp',
      })
      .option('max-body', { type: 'number', default: 32, describe: 'MiB of a body; larger ones are refused' })
      .option('policy', {
        type: 'string',
        default: 'discard(lru)',
        describe: 'policy of the slots of llama.cpp',
      })
      .option('off', {
        type: 'boolean',
        default: false,
        describe: 'start with the kill switch on (ONEBIT_OFF=true)',
      })
      .option('drain', {
        type: 'number',
        default: 30,
        describe: 'seconds that requests may take to end at SIGTERM',
      })
      .example(
        '$0 serve --upstream http://127.0.0.1:8000 --log access.jsonl',
        'record a trace, change nothing',
      )
      .example(
        '$0 serve --upstream http://127.0.0.1:8000 --engine vllm --model chat.onebit --cache-tokens 3000000',
        'with a model trained on it',
      ),
  handler: run,
};

async function run(options: ArgumentsCamelCase<Arguments>): Promise<void> {
  // Loaded here, for other commands to start fast.
  const [{ Gateway }, { listenAdmin }, { portOf }] = await Promise.all([
    import('../plugin/gateway/gateway.ts'),
    import('../plugin/gateway/admin.ts'),
    import('../plugin/gateway/own-server.ts'),
  ]);
  const { host, port, log, drain } = options;
  // Before the gateway, whose predictor would keep a refused command alive.
  const adminPort = whole('admin-port', options.adminPort ?? (port === 0 ? 0 : port + 1), 0, 65535);
  const gateway = new Gateway({
    host,
    port: whole('port', port, 0, 65535),
    upstream: upstreamOf(options.upstream),
    predictor: predictorOf(options),
    on: !options.off,
    budget: whole('budget', options.budget, 1, 10_000),
    mostBody: whole('max-body', options.maxBody, 1, 1024) * 2 ** 20,
    mostHeld: LARGEST_BODIES * options.maxBody * 2 ** 20,
    accessLog: log,
    slotPolicy: slotPolicyOf(options.policy),
    write: (line) => process.stderr.write(`${line}\n`),
  });
  const [address, admin] = await gateway
    .listen()
    .then(async (address) => [address, await listenAdmin(gateway, options.adminHost, adminPort)] as const)
    .catch(async (error) => {
      await gateway.close(0);
      throw error;
    });
  gateway.log.info('listening', {
    host,
    port: address.port,
    adminPort: portOf(admin),
    upstream: options.upstream,
  });
  process.on('SIGHUP', () => gateway.reload());
  const end = async (signal: string) => {
    gateway.log.info('draining', { signal });
    await gateway.close(drain * 1000);
    admin.close();
    admin.closeAllConnections();
    gateway.log.info('closed');
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

function predictorOf(options: ArgumentsCamelCase<Arguments>) {
  const cacheTokens = whole('cache-tokens', options.cacheTokens, 1, 1e12);
  const { engine, model, log } = options;
  // Slots are matched by whole blocks: short conversations need short ones.
  const usualBlock = engine === 'llama.cpp' ? 256 : 2048;
  const blockBytes = whole('block-bytes', options.blockBytes ?? usualBlock, 64, 1 << 20);
  const keyFile = options.key ?? (log === undefined ? undefined : `${log}.key`);
  const capacity = Math.max(1, Math.floor((cacheTokens * BYTES_PER_TOKEN) / blockBytes));
  return { engine, model, capacity, blockBytes, key: installKey(keyFile), ...REMEMBERED };
}

function slotPolicyOf(name: string): string {
  const { needs, offline } = findPolicy(name);
  if (!offline && (needs === 'nothing' || needs === 'discard bit')) return name;
  throw new Failure(
    `--policy: ${name} needs ${offline ? 'the future' : needs}; choose one with discard bits or none`,
  );
}

function upstreamOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Failure(
    `--upstream: “${text}” is not the URL of an engine; give one such as http://127.0.0.1:8000`,
  );
}
