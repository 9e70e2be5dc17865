import { stripVTControlCharacters } from 'node:util';
import t from 'tap';
import { comparisonTable } from '../../src/report/table.ts';
import { madeUpComparison, madeUpRecord } from './made-up-records.ts';

t.test(
  'a small comparison gives exactly this table: lru first, inverted bits last of a policy, belady last',
  async (t) => {
    const lines = comparisonTable(madeUpComparison(), false).split('\n');
    t.same(
      lines.map((line) => line.trimEnd()),
      [
        '                                                  hit  faults     gap',
        'policy                    predictions  faults   ratio    /OPT  closed  η0     η1',
        '────────────────────────────────────────────────────────────────────────────────',
        'capacity 1,000 pages',
        'lru                       none            800  0.2000  2.0000    0.0%   –      –',
        'marker                    none            820  0.1800  2.0500   −5.0%   –      –',
        'switch(discard(lru),lru)  train           660  0.3400  1.6500   35.0%  12  3,456',
        'switch(discard(lru),lru)  inverted        810  0.1900  2.0250   −2.5%  12  3,456',
        'lazy-mark0                train           640  0.3600  1.6000   40.0%  12  3,456',
        'lazy-mark0                perfect         400  0.6000  1.0000  100.0%  12  3,456',
        'lazy-mark0                inverted        990  0.0100  2.4750  −47.5%  12  3,456',
        'belady                    none            400  0.6000  1.0000  100.0%   –      –',
        '',
        'Trace: made-up.jsonl.',
        'Scored: 1,000 of 2,500 requests; the first 1,500 only warm the cache.',
        'Gap closed: lru is 0%, belady (OPT) 100%.',
      ],
    );
  },
);

t.test('each capacity has its section, smallest first', async (t) => {
  const records = [5000, 200, 1000].flatMap((capacity) => madeUpComparison({ capacity }));
  const headings = comparisonTable(records, false).match(/^capacity .* pages/gm);
  t.same(headings, ['capacity 200 pages', 'capacity 1,000 pages', 'capacity 5,000 pages']);
});

t.test('bold marks every best row of a section, and neither belady nor perfect bits', async (t) => {
  const records = [...madeUpComparison(), madeUpRecord('discard(lru)', 'train', 640)];
  const bold = comparisonTable(records, true)
    .split('\n')
    .filter((line) => line.includes('\u001b[1m'));
  t.same(
    bold.map((line) => stripVTControlCharacters(line).split(/ {2,}/).slice(0, 2)),
    [
      ['lazy-mark0', 'train'],
      ['discard(lru)', 'train'],
    ],
  );
});

t.test('without colour there is no escape sequence, and with colour the text is the same', async (t) => {
  const plain = comparisonTable(madeUpComparison(), false);
  t.equal(stripVTControlCharacters(plain), plain);
  const coloured = stripVTControlCharacters(comparisonTable(madeUpComparison(), true));
  t.equal(coloured, `${plain}\nBold: fewest faults without perfect foresight.`);
});

t.test('a terminal too narrow for the table gets its columns closer together', async (t) => {
  const records = madeUpComparison({ eta0: 51_234, eta1: 102_468, faults: 115_354 });
  const widest = (width: number) => {
    const lines = comparisonTable(records, true, width).split('\n');
    return Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  };
  t.equal(widest(100), 87);
  t.equal(widest(80), 77);
});

t.test('values that do not exist are dashes', async (t) => {
  const record = madeUpRecord('lru', 'none', 0, { optFaults: 0, faultRatio: Number.NaN, gapClosed: null });
  const row = comparisonTable([record], false).split('\n')[4];
  t.same(row.trim().split(/ +/), ['lru', 'none', '0', '1.0000', '–', '–', '–', '–']);
});

t.test('a gap that rounds to nothing has no sign', async (t) => {
  const table = comparisonTable([madeUpRecord('clock', 'none', 800, { gapClosed: -0.0001 })], false);
  t.match(table, / 0\.0%/);
});

t.test('a long model path keeps its kind and the name of the file', async (t) => {
  const record = madeUpRecord('lazy-mark0', 'model:experiments/results/conversation.onebit', 640);
  t.match(comparisonTable([record], false), 'lazy-mark0            model:…nversation.onebit ');
});

t.test('without a warming part the note says that everything was scored', async (t) => {
  const table = comparisonTable(madeUpComparison({ evaluatedFrom: 0 }), false);
  t.match(table, 'Scored: all 1,000 requests, from an empty cache on.');
});
