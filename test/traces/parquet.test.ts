import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import t from 'tap';
import { readTrace } from '../../src/traces/read-trace.ts';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

function file(folder: string, columnData: Columns, options: object = {}): string {
  const path = join(folder, 'table.parquet');
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, ...options })));
  return path;
}

const PAGES = [2n ** 63n - 1n, 5n, -(2n ** 63n), 2n ** 53n, 2n ** 53n + 1n, 5n];

t.test('64-bit pages and times, over several row groups', async (t) => {
  const columns: Columns = [
    { name: 'op', data: ['r', 'w', 'r', 'r', 'w', 'r'], type: 'STRING' },
    { name: 'LBN', data: PAGES, type: 'INT64' },
    { name: 'time', data: [3, 3, 4.5, 5, 6, 7], type: 'DOUBLE' },
  ];
  for (const options of [{}, { rowGroupSize: 4 }, { codec: 'UNCOMPRESSED' }]) {
    const trace = readTrace(file(t.testdir(), columns, options));
    t.strictSame([...trace.blocks.pages], [0, 1, 2, 3, 4, 1]);
    t.strictSame([...trace.time], [0, 0, 1.5, 2, 3, 4]);
  }
});

t.test('pages may be texts or small integers, times may be timestamps or missing', async (t) => {
  const folder = t.testdir();
  const texts = readTrace(file(folder, [{ name: 'key', data: ['a', 'b', 'a'], type: 'STRING' }]));
  t.strictSame(
    [[...texts.blocks.pages], [...texts.time]],
    [
      [0, 1, 0],
      [0, 1, 2],
    ],
  );
  const stamped: Columns = [
    { name: 'block', data: [7, -7, 7], type: 'INT32' },
    { name: 'ts', data: [0, 250, 1000].map((ms) => new Date(1.7e12 + ms)), type: 'TIMESTAMP' },
  ];
  const trace = readTrace(file(folder, stamped));
  t.strictSame(
    [[...trace.blocks.pages], [...trace.time]],
    [
      [0, 1, 0],
      [0, 0.25, 1],
    ],
  );
});

t.test('other columns can be named', async (t) => {
  const path = file(t.testdir(), [
    { name: 'what', data: [1, 2, 1], type: 'INT32' },
    { name: 'when', data: [1, 2, 3], type: 'INT32' },
  ]);
  t.throws(() => readTrace(path), {
    message: /parquet: no column of pages is found; choose .*"what", "when"$/,
  });
  t.strictSame([...readTrace(path, { columns: { page: 'what', time: 'when' } }).time], [0, 1, 2]);
});

t.test('what is wrong with a file is said in one line with its place', async (t) => {
  const folder = t.testdir();
  const cases: [Columns, RegExp][] = [
    [[{ name: 'page', data: [1.5], type: 'DOUBLE' }], /parquet: row 1: 1.5 is not a page identifier; /],
    [
      [{ name: 'page', data: ['a', null], type: 'STRING', nullable: true }],
      /parquet: row 2: null is not a page/,
    ],
    [
      [
        { name: 'page', data: [1, 1], type: 'INT32' },
        { name: 'time', data: [2, 1], type: 'INT32' },
      ],
      /parquet: row 2: time goes back from 2 to 1; sort the rows by time$/,
    ],
    [[{ name: 'page', data: [], type: 'INT32' }], /parquet: the trace is empty; /],
  ];
  for (const [columns, message] of cases) t.throws(() => readTrace(file(folder, columns)), { message });
  const path = join(folder, 'cut.parquet');
  for (const content of ['PAR1', 'PAR1 and nothing', `PAR1${'\0'.repeat(40)}PAR1`]) {
    writeFileSync(path, content);
    t.throws(() => readTrace(path), {
      message: /cut.parquet: damaged, truncated or unsupported Parquet \([^\n]*\); /,
    });
  }
});

t.test('a column whose name is damaged is told, one line as ever', async (t) => {
  const path = file(t.testdir(), [{ name: 'page', data: [1, 2], type: 'INT32' }]);
  const bytes = readFileSync(path);
  // In the schema a field says how far its number is from the one before: from here on every number is four too high.
  const repetition = bytes.indexOf(Buffer.from([0x25, 0x02, 0x18, 4, ...Buffer.from('page')]));
  t.ok(repetition > 0, 'the schema is where it should be');
  bytes[repetition] += 0x40;
  writeFileSync(path, bytes);
  t.throws(() => readTrace(path), {
    name: 'Failure',
    message: /parquet: damaged, truncated or unsupported Parquet \(a column without a name\); /,
  });
});
