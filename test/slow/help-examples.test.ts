/** Every example of a help text is run as it stands, on small files of the names that it uses. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { COMMAND_WORDS, help } from '../../docs/command-line.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { writeMooncake } from '../../src/traces/write-mooncake.ts';
import { oracleGeneral } from '../traces/oracle-general-bytes.ts';

/** Commands that go on until they are stopped; test/cli/serve, test/slow/queue and test/slow/observer run them. */
const LASTING = ['serve', 'worker', 'trace record'];

/** No example is cut in two at this width. */
const WIDE = 400;

t.setTimeout(900_000);
const folder = t.testdir();
writeFiles();

for (const words of COMMAND_WORDS) {
  const [, list = ''] = (await help(words, WIDE)).split('Examples:\n');
  const examples = [...list.matchAll(/^ {2}(onebit .*?)(?: {2,}.*)?$/gm)].map(([, example]) => example);
  // The command `trace` only holds others.
  if (words.join() !== 'trace') t.ok(examples.length > 0, `onebit ${words.join(' ')} has an example`);
  if (LASTING.includes(words.join(' '))) continue;
  for (const example of examples) {
    const { status, stdout, stderr } = run(example);
    t.equal(status, 0, `${example}\n${stdout.slice(-300)}${stderr.slice(-1000)}`);
  }
}

/** @param call as a shell understands it */
function run(call: string) {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const onebit = `'${process.execPath}' --import '${loader}' '${join(process.cwd(), 'src/cli/main.ts')}'`;
  return spawnSync('bash', ['-c', call.replace(/^onebit/, onebit)], { cwd: folder, encoding: 'utf8' });
}

function writeFiles(): void {
  const conversation = generateSessions({ ...DEFAULT_SESSIONS, requests: 600 }, 1);
  for (const name of ['conversation', 'mooncake_conversation', 'other'])
    writeMooncake(conversation, join(folder, `${name}.jsonl.gz`));
  const rows = Array.from({ length: 200 }, (_, i) => `disk,${i / 10},4096,${(i * i + 3 * i) % 23}`);
  writeFileSync(join(folder, 'io.csv'), `host,time,size,page\n${rows.join('\n')}\n`);
  const request = { t: 0, in: 1100, out: 7, hash_ids: { keep: 0, runs: [[1, 17]] } };
  const agents = JSON.stringify({
    block_size: 64,
    hash_id_scope: 'local',
    requests: [request, { ...request, t: 9 }],
  });
  writeFileSync(join(folder, 'agents.jsonl.gz'), gzipSync(`${agents}\n`.repeat(100)));
  writeFileSync(
    join(folder, 'big.oracleGeneral.zst'),
    oracleGeneral([
      [1, 7n],
      [2, 8n],
      [3, 7n],
    ]),
  );
  const sweep = {
    trace: 'conversation.jsonl.gz',
    policies: ['lru', 'lru-k', 'lazy-mark0'],
    capacities: [50],
  };
  writeFileSync(join(folder, 'experiment.json'), JSON.stringify(sweep));
  mkdirSync(join(folder, 'experiments/error-sweep'), { recursive: true });
  const declared = { ...sweep, trace: `../../${sweep.trace}` };
  writeFileSync(
    join(folder, 'experiments/error-sweep/experiment.ts'),
    `export default ${JSON.stringify(declared)};`,
  );
  copyFileSync('traces/smollm2-135m-cpu.csv', join(folder, 'times.csv'));
  copyFileSync('experiments/own-policy/policy.ts', join(folder, 'policy.ts'));
  const { status, stderr } = run('onebit trace convert conversation.jsonl.gz large.onebit');
  t.equal(status, 0, stderr);
}
