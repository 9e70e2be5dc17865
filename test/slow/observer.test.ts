/** `onebit trace record` from a publisher in Python, in both wire forms, through a restart of the publisher. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { readTrace } from '../../src/traces/read-trace.ts';

const TOOLS = join(process.cwd(), '.tap/pyzmq');
const BATCHES = 2000;

function missing(): string | undefined {
  if (existsSync(join(TOOLS, 'zmq'))) return undefined;
  const options = ['-m', 'pip', 'install', '--quiet', '--target', TOOLS, 'pyzmq~=27.3', 'msgspec~=0.22'];
  const { status, stderr } = spawnSync('python3', options, { encoding: 'utf8' });
  return status === 0 ? undefined : `pyzmq cannot be installed: ${stderr?.trim().split('\n').at(-1)}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

interface Told {
  readonly child: ChildProcess;
  /** Resolves with the next line that has a text in it. */
  readonly line: (having: string) => Promise<string>;
}

function start(program: string, options: readonly string[], from: 'stdout' | 'stderr'): Told {
  const child = spawn(program, options, { env: { ...process.env, PYTHONPATH: TOOLS } });
  const lines = createInterface(child[from])[Symbol.asyncIterator]();
  const line = async (having: string) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ended before it said ${having}`);
      if (value.includes(having)) return value;
    }
  };
  return { child, line };
}

const skip = missing() ?? false;

for (const form of ['maps', 'arrays']) {
  t.test(
    `events as ${form}: none is lost, though messages are missed and the publisher restarts`,
    { skip },
    async (t) => {
      const folder = t.testdir();
      const [port, replayPort] = [await freePort(), await freePort()];
      const [out, labels] = [join(folder, 'trace.jsonl'), join(folder, 'labels.jsonl')];
      const at = (of: number) => `tcp://127.0.0.1:${of}`;
      const source = new URL('../../src/cli/main.ts', import.meta.url).pathname;
      const options = ['--kv-events', at(port), '--replay', at(replayPort), '--out', out, '--labels', labels];
      const recorder = start(
        process.execPath,
        ['--import', 'tsx', source, 'trace', 'record', ...options],
        'stderr',
      );
      t.teardown(() => recorder.child.kill());
      await recorder.line('recording');
      for (let life = 0; life < 2; life++) {
        const script = new URL('./kv-publisher.py', import.meta.url).pathname;
        const engine = start('python3', [script, form, `${port}`, `${replayPort}`, `${BATCHES}`], 'stdout');
        t.teardown(() => engine.child.kill());
        await engine.line('ready');
        // For the subscription to reach it.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        engine.child.stdin?.write('begin\n');
        await engine.line('published');
        await new Promise((resolve) => setTimeout(resolve, 1500));
        engine.child.stdin?.write('end\n');
        await once(engine.child, 'exit');
      }
      recorder.child.kill('SIGTERM');
      const summary = JSON.parse(await recorder.line('"recorded"'));
      t.match(summary, {
        messages: 2 * BATCHES,
        events: 20 * BATCHES,
        restarts: 1,
        orphans: 0,
        lostLines: 0,
      });
      t.equal(summary.missed, summary.replayed);
      t.ok(summary.replayed >= BATCHES / 50);
      t.notOk('messages lost' in summary);
      const trace = readTrace(out);
      t.equal(trace.time.length, 2 * BATCHES, 'a request a chain');
      t.equal(trace.blocks.pages.length, 18 * BATCHES);
      t.equal(readFileSync(labels, 'utf8').trim().split('\n').length, 18 * BATCHES);
      t.equal(trace.blocks.pageCount, 9 * BATCHES, 'the second life stores the same blocks');
    },
  );
}
