import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { readTrace } from '../../src/traces/read-trace.ts';

/** A line as LMCache 0.5.6 writes it. */
function line(timestamp: number, request: string, tokens: number, chunks: unknown): string {
  const more = { model_name: 'm', chunk_size: 256, dtypes: ['bfloat16'], shapes: [[32, 256, 128]] };
  return JSON.stringify({ timestamp, request_id: request, ...more, seq_len: tokens, chunk_hashes: chunks });
}

function read(t: Test, lines: readonly string[]) {
  const path = join(t.testdir(), 'lookup_hashes_20260401_143025_000003.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return readTrace(path);
}

t.test('lookups are requests, each once, in the order of time', async (t) => {
  const trace = read(t, [
    line(100.5, 'a', 700, ['0x0A', '0xff00000000000000000b']),
    line(102, 'c', 1100, ['0x0A', '0xff00000000000000000b', '0x3', '0x4']),
    line(101, 'b', 300, ['0x7']),
    line(102.5, 'c', 1100, ['0x0A']),
    line(103, 'short', 90, []),
  ]);
  t.strictSame([...trace.time], [0, 0.5, 1.5]);
  t.strictSame([...trace.inputTokens], [700, 300, 1100]);
  t.strictSame([...trace.blocks.pages], [0, 1, 2, 0, 1, 3, 4]);
  t.strictSame([...trace.firstBlock], [0, 2, 3, 7]);
  t.strictSame([...trace.parent], [-1, -1, 0], 'c continues a');
});

t.test('what is no lookup is refused with its line', async (t) => {
  const good = line(1, 'a', 300, ['0x1']);
  for (const [bad, message] of [
    ['{"timestamp": 1, ', /:2: .*not JSON/],
    [line(-1, 'b', 300, ['0x1']), /:2: timestamp must be/],
    [line(1, 'b', 0.5, ['0x1']), /:2: seq_len must be/],
    [line(1, 'b', 300, '0x1'), /:2: chunk_hashes must be a list/],
    [line(1, 'b', 300, [17]), /:2: chunk_hashes must be texts/],
  ] as const)
    t.throws(() => read(t, [good, bad]), message);
  t.throws(() => read(t, [line(1, 'a', 10, [])]), /empty/);
});
