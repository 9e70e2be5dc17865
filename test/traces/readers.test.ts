import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { readMooncake } from '../../src/traces/mooncake-jsonl.ts';
import { readOracleGeneral } from '../../src/traces/oracle-general.ts';
import { readPageText } from '../../src/traces/page-text.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

const MOONCAKE = [
  { timestamp: 500, input_length: 1100, output_length: 90, hash_ids: [46, 47, 48] },
  { timestamp: 500, input_length: 600, output_length: 0, hash_ids: [46, 9007199254740991] },
  { timestamp: 2750, input_length: 1300, output_length: 5, hash_ids: [46, 47, 49], unknown: ['ignored'] },
];

function jsonLines(records: readonly object[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

t.test(
  'Mooncake requests become columns: dense pages in order of appearance, seconds from the first',
  async (t) => {
    const trace = readMooncake(Buffer.from(jsonLines(MOONCAKE)), 'folder/some.jsonl');
    t.equal(trace.name, 'some.jsonl');
    t.strictSame([...trace.blocks.pages], [0, 1, 2, 0, 3, 0, 1, 4]);
    t.equal(trace.blocks.pageCount, 5);
    t.strictSame([...trace.firstBlock], [0, 3, 5, 8]);
    t.strictSame([...trace.time], [0, 0, 2.25]);
    t.strictSame([...trace.inputTokens], [1100, 600, 1300]);
    t.strictSame([...trace.outputTokens], [90, 0, 5]);
    t.strictSame([...trace.parent], [-1, -1, 0]);
  },
);

t.test('a chat_id tells that timestamps are in seconds, and which request each one continues', async (t) => {
  const parents = [-1, 40, 41, 40, null, 'x', 7];
  const records = parents.map((parent, i) => ({
    chat_id: parent === null ? 'x' : 40 + i,
    parent_chat_id: parent,
    timestamp: 61.25 + i,
    input_length: 20,
    output_length: 9,
    type: 'text',
    turn: 1,
    hash_ids: [46, 47 + i],
  }));
  const trace = readMooncake(Buffer.from(jsonLines(records)), 'qwen.jsonl');
  t.strictSame([...trace.time], [0, 1, 2, 3, 4, 5, 6]);
  // 7 came before the trace begins; two requests with the same head follow each other without a word of it.
  t.strictSame([...trace.parent], [-1, 0, 1, 0, -1, 4, -1]);
});

t.test('blank lines and carriage returns mean nothing', async (t) => {
  const spaced = `\r\n${jsonLines(MOONCAKE).replaceAll('\n', '\r\n\r\n')}\r\n`;
  t.strictSame(readMooncake(Buffer.from(spaced), 'x'), readMooncake(Buffer.from(jsonLines(MOONCAKE)), 'x'));
  t.strictSame(readPageText(Buffer.from('\n 7\r\n\r\n9\t\n'), 'x'), readPageText(Buffer.from('7\n9'), 'x'));
});

t.test(
  'a page a line: each a request of one block at the next second, whose parent is the previous access',
  async (t) => {
    const trace = readPageText(Buffer.from('70\n0\n70\n9007199254740991\n0\n'), 'pages.txt');
    t.strictSame([...trace.blocks.pages], [0, 1, 0, 2, 1]);
    t.strictSame([...trace.firstBlock], [0, 1, 2, 3, 4, 5]);
    t.strictSame([...trace.time], [0, 1, 2, 3, 4]);
    t.strictSame([...trace.inputTokens], [0, 0, 0, 0, 0]);
    t.strictSame([...trace.outputTokens], [0, 0, 0, 0, 0]);
    t.strictSame([...trace.parent], [-1, -1, 0, -1, 1]);
  },
);

t.test('a page may be a hash, and an integer beyond 2^53 − 1 is told from its neighbours', async (t) => {
  const hash = '88c46bf20db295831bd2d1718ad7e6f5';
  const trace = readPageText(Buffer.from(`${hash}\n7\n9007199254740992\n${hash}\n9007199254740993\n`), 'x');
  t.strictSame([...trace.blocks.pages], [0, 1, 2, 0, 3]);
});

t.test('oracleGeneral identifiers keep all 64 bits', async (t) => {
  const bytes = oracleGeneral([
    [100, 2n ** 63n],
    [100, 2n ** 63n + 1n],
    [103, 2n ** 53n],
    [103, 2n ** 53n + 1n],
    [104, 2n ** 53n - 1n],
    [109, 2n ** 63n],
    [109, 2n ** 64n - 1n],
    [110, 2n ** 53n - 1n],
  ]);
  const trace = readOracleGeneral(bytes, 'some.oracleGeneral');
  t.strictSame([...trace.blocks.pages], [0, 1, 2, 3, 4, 0, 5, 4]);
  t.strictSame([...trace.time], [0, 0, 3, 3, 4, 9, 9, 10]);
  t.strictSame([...trace.parent], [-1, -1, -1, -1, -1, 0, -1, 4]);
});

t.test('the format and the compression are recognised', async (t) => {
  const records = oracleGeneral([[0x7b, 0x7b7b7b7bn]]);
  const files = {
    'mooncake.jsonl': `\n  ${jsonLines(MOONCAKE)}`,
    'pages.txt': '5\n5\n',
    'x.oracleGeneral': records,
    'x.bin': records,
  };
  const folder = t.testdir();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, `${name}.gz`), gzipSync(content));
  }
  for (const suffix of ['', '.gz']) {
    t.equal(readTrace(join(folder, `mooncake.jsonl${suffix}`)).blocks.pages.length, 8);
    t.equal(readTrace(join(folder, `pages.txt${suffix}`)).blocks.pages.length, 2);
    t.equal(readTrace(join(folder, `x.oracleGeneral${suffix}`)).blocks.pages.length, 1);
    t.equal(readTrace(join(folder, `x.bin${suffix}`)).name, `x.bin${suffix}`);
  }
});
