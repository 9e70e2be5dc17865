import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import type { ColumnNames } from '../../src/traces/columns.ts';
import { convertTrace } from '../../src/traces/convert.ts';
import { PageWeights } from '../../src/traces/page-weights.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';
import { missing, sharedTrace } from './shared-traces.ts';

/** Sizes and costs of a trace by all ways of reading it: at once, and through a columnar file. */
async function read(path: string, columns?: ColumnNames) {
  const options = columns === undefined ? {} : { columns };
  const weights = new PageWeights(true);
  const { pageCount } = readTrace(path, { ...options, weights }).blocks;
  const found = { sizes: listed(weights.sizes(pageCount)), costs: listed(weights.costs(pageCount)) };
  const converted = await convertTrace(path, `${path}.onebit`, options);
  const again = new PageWeights(true);
  readTrace(`${path}.onebit`, { weights: again });
  t.strictSame({ sizes: listed(again.sizes(pageCount)), costs: listed(again.costs(pageCount)) }, found, path);
  t.equal(converted.weights.changes, weights.changes, path);
  return { ...found, changes: weights.changes };
}

function listed(numbers: Iterable<number> | undefined): number[] | undefined {
  return numbers === undefined ? undefined : [...numbers];
}

/** oracleGeneral records with sizes. */
function records(accesses: readonly (readonly [page: number, size: number])[]): Buffer {
  const bytes = oracleGeneral(accesses.map(([page], i) => [i, BigInt(page)] as const));
  accesses.forEach(([, size], i) => {
    bytes.writeUInt32LE(size, 24 * i + 12);
  });
  return bytes;
}

const ACCESSES = [
  [7, 512],
  [9, 4096],
  [7, 2 ** 32 - 1],
  [9, 1],
] as const;

t.test(
  'a page has the largest size and cost that it is requested with, in every format that tells them',
  async (t) => {
    const folder = t.testdir();
    const file = (name: string, content: string | Uint8Array) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const expected = { sizes: [2 ** 32 - 1, 4096], costs: undefined, changes: 2 };
    t.strictSame(await read(file('x.oracleGeneral', records(ACCESSES))), expected);
    t.strictSame(await read(file('x.oracleGeneral.gz', gzipSync(records(ACCESSES)))), expected);
    const rows = ACCESSES.map(([page, size], i) => `${i}\t${page}\t${size}`);
    t.strictSame(await read(file('unnamed', rows.join('\n'))), expected);
    const table = [
      'Key,Obj_Size,paid,time',
      ...ACCESSES.map(([page, size], i) => `${page},${size},0.${i},${i}`),
    ];
    t.strictSame(await read(file('x.csv', table.join('\n'))), expected);
    const named = { ...expected, costs: [0.2, 0.3] };
    t.strictSame(await read(file('x.csv', table.join('\n')), { cost: 'paid', size: '2' }), named);
    const columnData = [
      { name: 'page', data: ACCESSES.map(([page]) => BigInt(page)), type: 'INT64' as const },
      { name: 'size', data: ACCESSES.map(([, size]) => BigInt(size)), type: 'INT64' as const },
      { name: 'cost', data: [0, 0.1, 0.2, 0.3], type: 'DOUBLE' as const },
    ];
    const parquet = Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));
    t.strictSame(await read(file('x.parquet', parquet)), named);
  },
);

t.test('formats without sizes give none', async (t) => {
  const folder = t.testdir({
    pages: '7\n9\n',
    'x.csv': 'time,page\n1,2\n',
    'x.jsonl': '{"timestamp": 1, "input_length": 2, "output_length": 3, "hash_ids": [4]}',
  });
  for (const name of ['pages', 'x.csv', 'x.jsonl']) {
    t.strictSame(await read(join(folder, name)), { sizes: undefined, costs: undefined, changes: 0 });
  }
});

/** What is wrong with a size or cost, the table, and the message. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  [
    'zero',
    'page,size\n1,5\n1,0\n',
    /^:3: the size must be an integer in 1 … 2\^32 − 1 bytes, found "0"; correct or/,
  ],
  ['negative', 'page,size\n1,-5\n', /^:2: the size must be .*, found "-5"; /],
  ['missing', 'page,size\n1,5\n2,\n', /^:3: the size must be .*, found ""; /],
  ['in words', 'page,size\n1,4KB\n', /^:2: the size must be .*, found "4KB"; /],
  ['a fraction', 'page,size\n1,4.5\n', /^:2: the size must be .*, found "4.5"; /],
  ['too large', 'page,size\n1,4294967296\n', /^:2: the size must be .*, found "4294967296"; /],
  [
    'a negative cost',
    'page,cost\n1,-1\n',
    /^:2: the cost must be a number ≥ 0, found "-1"; correct or delete the line$/,
  ],
  ['an endless cost', 'page,cost\n1,1e999\n', /^:2: the cost must be a number ≥ 0, found "1e999"; /],
  ['no cost', 'page,cost\n1,\n', /^:2: the cost must be a number ≥ 0, found ""; /],
];

for (const [wrong, content, message] of WRONG) {
  t.test(
    `a size or cost that is ${wrong} is refused where it is needed, and left out elsewhere`,
    async (t) => {
      const path = join(t.testdir({ 'x.csv': content }), 'x.csv');
      const complaint = (error: unknown) => {
        t.type(error, Failure);
        t.match((error as Error).message.slice(path.length), message);
      };
      try {
        readTrace(path, { weights: new PageWeights(true) });
        t.fail('it was read');
      } catch (error) {
        complaint(error);
      }
      const column = wrong.includes('cost') ? { cost: 'cost' } : { size: 'size' };
      await convertTrace(path, `${path}.onebit`, { columns: column }).then(
        () => t.fail('it was converted'),
        complaint,
      );
      // Without need of it the trace is read as ever.
      t.ok(readTrace(path).time.length > 0);
      const { weights, pageCount } = await convertTrace(path, `${path}.onebit`);
      t.strictSame([weights.sizes(pageCount), weights.costs(pageCount)], [undefined, undefined]);
      t.match(weights.troubles, [new RegExp(`x\\.csv${message.source.slice(1)}`)]);
    },
  );
}

t.test('a record or row without a size names its place', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'x.oracleGeneral');
  writeFileSync(
    path,
    records([
      [7, 512],
      [9, 0],
    ]),
  );
  const required = { weights: new PageWeights(true) };
  t.throws(() => readTrace(path, required), {
    message: /byte 24: the size must be .*, found 0; write sizes, or /,
  });
  const parquet = join(folder, 'x.parquet');
  const columnData = [
    { name: 'page', data: [1, 2], type: 'INT32' as const },
    { name: 'size', data: [5, null], type: 'INT32' as const, nullable: true },
  ];
  writeFileSync(parquet, Buffer.from(parquetWriteBuffer({ columnData })));
  t.throws(() => readTrace(parquet, required), {
    message: /row 2: the size must be .*, found null; correct or/,
  });
});

/** Counted from the files by other means: bytes of all pages, and accesses with another size than before. */
const FACTS = [
  ['cloudPhysicsIO.csv.gz', 48_974, 2_074_223_104, 13_648],
  ['tencentBlock.ns1326.sample.csv.gz', 50_350, 578_224_128, 0],
] as const;

for (const [name, pages, bytes, changes] of FACTS) {
  t.test(`the sizes in ${name}`, missing(name), async (t) => {
    const weights = new PageWeights(true);
    t.equal(readTrace(sharedTrace(name), { weights }).blocks.pageCount, pages);
    t.equal(
      (weights.sizes(pages) ?? new Uint32Array()).reduce((sum, size) => sum + size, 0),
      bytes,
    );
    t.equal(weights.changes, changes);
  });
}
