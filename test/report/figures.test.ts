import t from 'tap';
import { capacityFigure, flipFigure } from '../../src/report/figures.ts';
import { choosePalette, INK } from '../../src/report/palette.ts';
import { madeUpComparison, madeUpFlips, madeUpRecord } from './made-up-records.ts';

const CAPACITIES = [100, 1000, 5000];
const comparison = CAPACITIES.flatMap((capacity) => madeUpComparison({ capacity }));
const palette = choosePalette([...comparison, ...madeUpFlips()]);

/** Texts of an SVG, as a reader sees them. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
}

/** Colours of the lines of an SVG, each once. */
function lineColours(svg: string): Set<string> {
  const lines = svg.match(/mark-line.*?<\/g>/g) ?? [];
  return new Set(lines.flatMap((line) => [...line.matchAll(/stroke="(#\w+)"/g)].map(([, colour]) => colour)));
}

t.test('the figure of capacities has every series, every capacity and its headline', async (t) => {
  const svg = await capacityFigure(comparison, palette);
  const seen = new Set(texts(svg));
  for (const series of ['lru', 'belady', 'marker', 'lazy-mark0 · train', 'lazy-mark0 · perfect']) {
    t.ok(seen.has(series), series);
  }
  t.ok(seen.has('switch(discard(lru),lru) · inverted'));
  t.ok(seen.has('At 100 pages lazy-mark0 · train closes 40.0% of the gap to belady'));
  for (const capacity of ['100', '1,000', '5,000']) t.ok(seen.has(capacity), capacity);
  t.equal(svg.match(/mark-line/g)?.length, 8, 'one line for each series');
});

t.test('the figure of flips has one line a policy, and lru as a level line', async (t) => {
  const svg = await flipFigure(madeUpFlips(), palette);
  const seen = new Set(texts(svg));
  for (const policy of ['lru', 'belady', 'lazy-mark0', 'switch(discard(lru),lru)'])
    t.ok(seen.has(policy), policy);
  t.ok(seen.has('made-up.jsonl · capacity 1,000 pages'));
  t.match(svg, new RegExp(`d="M[\\d.]+,([\\d.]+)L[\\d.]+,\\1"[^>]*stroke="${INK}"`));
});

t.test('a policy has the same colour in both figures, and no other policy has it', async (t) => {
  const colours = (svg: string) => [...lineColours(svg)];
  const flips = colours(await flipFigure(madeUpFlips(), palette));
  const capacities = colours(await capacityFigure(comparison, palette));
  t.equal(flips.length, 4);
  t.equal(capacities.length, 5);
  t.ok(flips.every((colour) => capacities.includes(colour)));
});

t.test('thirty policies are told apart by colour and shape', async (t) => {
  const records = Array.from({ length: 30 }, (_, i) => madeUpRecord(`policy-${i}`, 'train', 500));
  const styleOf = choosePalette(records);
  t.equal(new Set(records.map((record) => `${styleOf(record).colour} ${styleOf(record).shape}`)).size, 30);
});

t.test('policies that share a colour keep their own lines', async (t) => {
  const policies = Array.from({ length: 30 }, (_, i) => madeUpRecord(`policy-${i}`, 'train', 500 + i));
  const records = [100, 200].flatMap((capacity) => policies.map((record) => ({ ...record, capacity })));
  const svg = await capacityFigure(records, choosePalette(records));
  t.equal(svg.match(/mark-line/g)?.length, 30);
});

t.test('no number of a figure is missing, whatever is', async (t) => {
  const figures = [
    await capacityFigure(comparison, palette),
    await capacityFigure(madeUpComparison(), palette),
    await capacityFigure(madeUpComparison({ hitRatio: 0, gapClosed: null }), palette),
    await flipFigure(madeUpFlips(), palette),
    await flipFigure(madeUpFlips({ faultRatio: 1 }), palette),
  ];
  for (const svg of figures) {
    t.notMatch(svg, /NaN|undefined|null|Infinity/);
    t.ok(texts(svg).includes('lru'));
  }
});

t.test('the same records give the same SVG, byte for byte', async (t) => {
  t.equal(await capacityFigure(comparison, palette), await capacityFigure(comparison, palette));
  t.equal(await flipFigure(madeUpFlips(), palette), await flipFigure(madeUpFlips(), palette));
});

t.test('a trace name is text in a figure, whatever it holds', async (t) => {
  const svg = await capacityFigure(madeUpComparison({ trace: '<script>&' }), palette);
  t.match(svg, '&lt;script&gt;&amp;');
  t.notMatch(svg, '<script');
});

t.test('bits that are not flips of the true ones, or two capacities, are refused', async (t) => {
  t.throws(() => flipFigure([madeUpRecord('lazy-mark0', 'train', 500)], palette), /flips of the true bits/);
  t.throws(() => flipFigure([...madeUpFlips(), ...madeUpFlips({ capacity: 2 })], palette), /one capacity/);
});
