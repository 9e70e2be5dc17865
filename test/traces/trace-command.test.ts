import { join } from 'node:path';
import t from 'tap';
import yargs from 'yargs';
import { trace } from '../../src/cli/trace.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { CONVERSATION_REFERENCE } from '../../src/traces/reference.ts';
import { traceStatistics } from '../../src/traces/statistics.ts';

/** What the command prints. */
async function printed(...words: string[]): Promise<string> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(line);
  try {
    await yargs(['trace', ...words])
      .command(trace)
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseAsync();
  } finally {
    console.log = log;
  }
  return lines.join('\n');
}

t.test('stats shows the embedded trace beside the reference, in a table', async (t) => {
  const table = await printed('stats');
  t.match(table, /SmolLM2-135M recorded on a CPU +Mooncake conversation/);
  t.match(table, /block accesses .* 288,500/);
});

t.test('stats --json prints one line of JSON and nothing else', async (t) => {
  const path = join(t.testdir({ 'pages.txt': '1\n2\n1\n' }), 'pages.txt');
  const record = JSON.parse(await printed('stats', path, '--json'));
  t.strictSame(record, { trace: 'pages.txt', ...traceStatistics(readTrace(path)) });
  t.strictSame(Object.keys(record).slice(1), Object.keys(CONVERSATION_REFERENCE));
});

t.test('generate writes a trace of as many requests as asked for', async (t) => {
  const out = join(t.testdir(), 'small.jsonl.gz');
  t.match(
    await printed('generate', '--out', out, '--requests', '40', '--seed', '5'),
    /small.jsonl.gz: 40 requests/,
  );
  t.equal(readTrace(out).time.length, 40);
  const record = JSON.parse(await printed('generate', '--out', out, '--requests', '30', '--json'));
  t.strictSame(record, {
    out,
    requests: 30,
    seed: 1,
    blockAccesses: readTrace(out).blocks.pages.length,
    distinctBlocks: readTrace(out).blocks.pageCount,
  });
});

t.test('a number that makes no sense is refused in one line', async (t) => {
  const out = join(t.testdir(), 'none.jsonl');
  for (const requests of ['0', '-3', '1.5', 'many']) {
    await t.rejects(printed('generate', '--out', out, `--requests=${requests}`), {
      message: /^requests: [^\n]*; [^\n]*$/,
    });
  }
  await t.rejects(printed('generate', '--out', out, '--seed', '1.5'), { message: /^seed: / });
  await t.rejects(printed('generate'), { message: /Missing required argument: out/ });
  await t.rejects(printed('states'), { message: /Did you mean stats/ });
  await t.rejects(printed(), { message: /name an action/ });
});
