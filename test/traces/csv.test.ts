import t from 'tap';
import { Cache } from '../../src/paging/cache.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import type { ColumnNames } from '../../src/traces/columns.ts';
import { readCsv } from '../../src/traces/csv.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { missing, sharedTrace } from './shared-traces.ts';

function read(text: string, columns?: ColumnNames) {
  const { blocks, time } = readCsv(Buffer.from(text), 'some.csv', columns);
  return { pages: [...blocks.pages], time: [...time] };
}

t.test('columns are found by usual names, whatever their order, capitals and delimiter', async (t) => {
  const expected = { pages: [0, 1, 0], time: [0, 1.5, 1.5] };
  t.strictSame(read('time,op,lbn\n5,r,70\n6.5,w,71\n6.5,r,70\n'), expected);
  t.strictSame(read('Obj_ID;Size;Timestamp\n70;1;5\n71;2;6.5\n70;1;6.5'), expected);
  t.strictSame(read('op\tTime\tpage\r\n\t5\t70\r\n\r\nw\t6.5\t71\r\n\t6.5\t70\r\n'), expected);
  t.strictSame(read('\u{feff}"time", "block id"\n5 , 70\n"6.5","71"\n 6.5,70'), expected);
});

t.test('columns can be given by name or by position, with a header or without', async (t) => {
  const table = 'when,what\n3,70\n4,71\n';
  const expected = { pages: [0, 1], time: [0, 1] };
  t.strictSame(read(table, { page: 'what', time: 'when' }), expected);
  t.strictSame(read(table, { page: '2', time: '1' }), expected);
  t.strictSame(read('9,3,8,70\n9,4,8,71\n', { page: '4', time: '2' }), expected);
});

t.test('without a header, two or three columns are time, page and size', async (t) => {
  t.strictSame(read('3\t70\t4096\n4\t71\t512\n'), { pages: [0, 1], time: [0, 1] });
  t.strictSame(read('3,70\n4,70\n'), { pages: [0, 0], time: [0, 1] });
});

t.test('without times there is one access a second', async (t) => {
  t.strictSame(read('op,lbn\nr,9\nr,9\nr,8\n'), { pages: [0, 0, 1], time: [0, 1, 2] });
});

t.test('pages keep all 64 bits, and may be texts', async (t) => {
  const ids = [
    '18446744073709551615',
    '18446744073709551614',
    '9007199254740993',
    '9007199254740992',
    '0',
    'nz:u:1',
    '00',
  ];
  t.strictSame(read(`page,op\n${ids.map((id) => `${id},r\n`).join('')}`).pages, [0, 1, 2, 3, 4, 5, 4]);
});

t.test('what is wrong with a table is said in one line with its place', async (t) => {
  const cases: [string, RegExp, ColumnNames?][] = [
    ['', /^some.csv: the trace is empty; /],
    ['time,page\n', /^some.csv: the trace is empty; /],
    ['time,size\n1,2\n', /^some.csv:1: no column of pages is found; choose with .* among "time", "size"$/],
    ['1,2,3,4\n', /^some.csv:1: no column of pages is found; choose with .* among 1 … 4$/],
    [
      'time,page\n1,2\n',
      /^some.csv:1: there is no column lbn; choose .* among "time", "page"$/,
      { page: 'lbn' },
    ],
    ['time,page\n1,2\n', /^some.csv:1: there is no column 3; choose /, { page: '3' }],
    [
      'time,page\n1,2\n\n1\n',
      /^some.csv:4: 1 fields where the first line has 2; correct or delete the line$/,
    ],
    ['time,page\n1,2,3\n', /^some.csv:2: 3 fields where the first line has 2; /],
    ['time,page\n1,"2\n', /^some.csv:2: a quoted field does not end; correct /],
    ['time,page\n1,"2"3\n', /^some.csv:2: a quoted field does not end; correct /],
    ['time,page\nnow,2\n', /^some.csv:2: the time must be a number ≥ 0, found "now"; correct /],
    ['time,page\n-1,2\n', /^some.csv:2: the time must be a number ≥ 0, found "-1"; correct /],
    ['time,page\n1e999,2\n', /^some.csv:2: the time must be a number ≥ 0, found "1e999"; correct /],
    ['time,page\n,2\n', /^some.csv:2: the time must be a number ≥ 0, found ""; correct /],
    ['time,page\n5,2\n4,2\n', /^some.csv:3: time goes back from 5 to 4; sort the lines by time$/],
    ['time,page\n5,-2\n', /^some.csv:2: "-2" is not a page identifier; it must be /],
    ['time,page\n5,2.5\n', /^some.csv:2: "2.5" is not a page identifier; it must be /],
    ['time,page\n5,18446744073709551616\n', /^some.csv:2: "18446744073709551616" is not a page /],
    ['time,page\n5,\n', /^some.csv:2: "" is not a page identifier; it must be /],
  ];
  for (const [text, message, columns] of cases) t.throws(() => read(text, columns), { message }, text);
});

/** As published, each with one line. */
const LENGTHS_ONLY: Readonly<Record<string, string>> = {
  Azure: 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:01:51.1620000,374,44\n',
  BurstGPT:
    'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,Conversation log\n',
  ServeGen: 'client_id,timestamp,input_tokens,output_tokens\n3,0.25,472,18\n',
};

t.test('a trace of lengths is refused as such, unless a column is named as the page', async (t) => {
  for (const [name, text] of Object.entries(LENGTHS_ONLY)) {
    t.throws(
      () => read(text),
      { message: /^some.csv:1: only arrivals and lengths, no blocks: .*; give / },
      name,
    );
  }
  t.strictSame(read(LENGTHS_ONLY.ServeGen, { page: 'client_id' }).pages, [0]);
});

t.test(
  'arrivals and lengths alone are refused, since they name no blocks',
  missing('AzureLLMInferenceTrace_conv.csv'),
  async (t) => {
    for (const name of ['conv', 'code']) {
      const message =
        /:1: only arrivals and lengths, no blocks: no request sequence can be made .*; give [^\n]*$/;
      t.throws(() => readTrace(sharedTrace(`AzureLLMInferenceTrace_${name}.csv`)), { message });
    }
  },
);

/** Counted from the files by other means: rows, different identifiers, seconds, and faults of lru at 1,000 and 10,000. */
const FACTS = [
  ['cloudPhysicsIO.csv.gz', 113_872, 48_974, 7200, 94_823, 79_438],
  ['tencentBlock.ns1326.sample.csv.gz', 100_001, 50_350, 228, 94_865, 82_008],
] as const;

for (const [file, requests, pages, seconds, ...faults] of FACTS) {
  t.test(
    `${file}: every operation is one access of the page that its number names`,
    missing(file),
    async (t) => {
      const trace = readTrace(sharedTrace(file));
      t.equal(trace.time.length, requests);
      t.equal(trace.blocks.pageCount, pages);
      t.equal(trace.time[requests - 1], seconds);
      const lru = (k: number) => new Cache(k, pages, new Lru(k)).serve(trace.blocks);
      t.strictSame([1000, 10_000].map(lru), faults);
    },
  );
}
