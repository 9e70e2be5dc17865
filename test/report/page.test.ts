import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type PageContent, writePage } from '../../src/report/page.ts';
import { Failure } from '../../src/support/failure.ts';
import { madeUpComparison, madeUpFlips } from './made-up-records.ts';

const content: PageContent = {
  title: 'A made-up comparison',
  trace: 'made-up.jsonl',
  command: 'onebit compare made-up.jsonl --out page',
  seed: 7,
  records: madeUpComparison(),
  capacityRecords: [...madeUpComparison(), ...madeUpComparison({ capacity: 50 })],
  flipRecords: madeUpFlips(),
  notes: ['Trained with the wasm backend.'],
};

/** Every file below a directory. */
function files(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => file.name)
    .sort();
}

t.test('a page is these files and nothing half-written', async (t) => {
  const directory = join(t.testdir(), 'new', 'page');
  await writePage(directory, content);
  await writePage(directory, content);
  t.same(files(directory), ['flipped-bits.svg', 'hit-ratio.svg', 'index.html', 'records.jsonl']);
});

t.test('the page says what was run and holds the table, both figures and the command', async (t) => {
  const directory = t.testdir();
  await writePage(directory, content);
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const text = html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');
  t.match(text, 'Paging policies on the trace made-up.jsonl. Scored: 1,000 of 2,500 requests;');
  t.match(text, 'Predictions: train, inverted, perfect. Seed:&nbsp;7.');
  t.match(text, 'Trained with the wasm backend.');
  t.match(text, 'onebit compare made-up.jsonl --out page');
  t.match(text, 'hold for unit cost');
  t.equal(html.match(/<svg/g)?.length, 2);
  t.ok(html.includes(readFileSync(join(directory, 'figures', 'hit-ratio.svg'), 'utf8')));
});

t.test('the table of the page has the order and the highlighting of the terminal', async (t) => {
  const directory = t.testdir();
  await writePage(directory, content);
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const rows = [...html.matchAll(/<tr class="(\w+)"><td[^>]*>(.*?)<\/td><td[^>]*>(.*?)<\/td>/g)];
  t.same(
    rows.map(([, kind, policy, predictions]) => `${kind}: ${policy} ${predictions}`),
    [
      'yardstick: lru none',
      'contender: marker none',
      'contender: switch(discard(lru),lru) train',
      'contender: switch(discard(lru),lru) inverted',
      'best: lazy-mark0 train',
      'contender: lazy-mark0 perfect',
      'contender: lazy-mark0 inverted',
      'yardstick: belady none',
    ],
  );
});

t.test('the page needs no script, no network and no other file', async (t) => {
  const directory = t.testdir();
  await writePage(directory, content);
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  t.notMatch(html, /<script|<link|<img|@import|url\(| src=/);
  const addresses = html.match(/https?:[^"'\s]*/g) ?? [];
  t.ok(
    addresses.every((address) => address.startsWith('http://www.w3.org/')),
    'name spaces of SVG alone',
  );
});

t.test('what comes from outside is text on the page, whatever it holds', async (t) => {
  const directory = t.testdir();
  const hostile = `<script>alert("1")</script>&'`;
  const records = madeUpComparison({ trace: hostile, predictions: hostile, policy: hostile });
  await writePage(directory, {
    ...content,
    title: hostile,
    trace: hostile,
    command: hostile,
    notes: [hostile],
    records,
    capacityRecords: records,
  });
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  t.notMatch(html, /<script/);
  t.equal(html.match(/&#60;script&#62;alert\(&#34;1&#34;\)&#60;\/script&#62;&#38;&#39;/g)?.length, 22);
});

t.test('every record is one line of JSON, once', async (t) => {
  const directory = t.testdir();
  await writePage(directory, content);
  const lines = readFileSync(join(directory, 'records.jsonl'), 'utf8').trimEnd().split('\n');
  const distinct = [...content.capacityRecords, ...content.flipRecords].map((record) =>
    JSON.stringify(record),
  );
  t.same(lines, [...new Set(distinct)]);
});

t.test('without bits, or where OPT has no faults, there is no figure of flips', async (t) => {
  const blind = madeUpFlips().filter(({ predictions }) => predictions === 'none');
  for (const flipRecords of [blind, madeUpFlips({ optFaults: 0, faultRatio: Number.POSITIVE_INFINITY })]) {
    const directory = join(t.testdir(), `${flipRecords.length}`);
    await writePage(directory, { ...content, flipRecords });
    t.same(files(directory), ['hit-ratio.svg', 'index.html', 'records.jsonl']);
  }
});

t.test('a page without records for figures has none, and without notes no list', async (t) => {
  const directory = t.testdir();
  await writePage(directory, { ...content, capacityRecords: [], flipRecords: [], notes: [] });
  t.same(files(directory), ['index.html', 'records.jsonl']);
  t.notMatch(readFileSync(join(directory, 'index.html'), 'utf8'), /<svg|<ul/);
});

t.test('a directory that cannot be is a Failure of one line', async (t) => {
  const directory = t.testdir({ file: 'not a directory' });
  for (const path of [join(directory, 'file'), join(directory, 'file', 'below')]) {
    const error = await writePage(path, content).catch((caught) => caught);
    t.ok(error instanceof Failure, error.stack);
    t.ok(error.message.startsWith(path), error.message);
    t.notMatch(error.message, '\n');
  }
  t.same(files(directory), ['file']);
});

t.test('a file that cannot be replaced leaves no temporary file behind', async (t) => {
  const directory = t.testdir();
  mkdirSync(join(directory, 'index.html'));
  writeFileSync(join(directory, 'index.html', 'occupied'), '');
  await t.rejects(writePage(directory, content), Failure);
  t.ok(existsSync(join(directory, 'records.jsonl')));
  t.same(files(directory), ['flipped-bits.svg', 'hit-ratio.svg', 'occupied', 'records.jsonl']);
});
