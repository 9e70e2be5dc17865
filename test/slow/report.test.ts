/** The page of `onebit report` in a real browser, Debian's Chromium. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { installed } from './installed.ts';

const skip = installed('chromium') ? false : 'chromium is not here and apt-get cannot install it';
const folder = t.testdir({
  'pages.txt': Array.from({ length: 3000 }, (_, i) => (i * i + 3 * i) % 97).join('\n'),
  'experiment.json': JSON.stringify({
    trace: 'pages.txt',
    policies: ['random', 'lazy-mark0', 'switch(discard(lru),lru)'],
    capacities: [5, 20, 60],
    predictions: ['perfect', 'flip:0.2', 'bursts:0.2', 'inverted'],
    seeds: 3,
  }),
});

function onebit(...args: string[]) {
  const loader = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');
  const main = join(process.cwd(), 'src/cli/main.ts');
  return spawnSync(process.execPath, ['--import', loader, main, ...args], { cwd: folder, encoding: 'utf8' });
}

/** Asked inside the page, once it is drawn. */
const MEASURE = `<script>setTimeout(() => {
  const sizes = [...document.querySelectorAll('svg text')].map((text) => text.getBoundingClientRect().height);
  const measured = {
    overflow: document.documentElement.scrollWidth - innerWidth,
    figures: document.querySelectorAll('.drawn svg').length,
    lines: document.querySelectorAll('.drawn svg .mark-line path').length,
    smallest: Math.min(...sizes.filter((size) => size > 0)),
    ink: getComputedStyle(document.body).color,
    paper: getComputedStyle(document.querySelector('figure .card')).backgroundColor,
    title: getComputedStyle(document.querySelector('.drawn svg .role-axis-title text')).fill,
  };
  document.body.insertAdjacentHTML('beforeend', '<pre id="measured">' + JSON.stringify(measured) + '</pre>');
}, 500)</script>`;

function browse(width: number, ...flags: string[]) {
  const page = join(folder, 'report/measured.html');
  writeFileSync(
    page,
    readFileSync(join(folder, 'report/index.html'), 'utf8').replace('</html>', `${MEASURE}</html>`),
  );
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--enable-logging=stderr',
    `--window-size=${width},2000`,
  ];
  const { stdout, stderr } = spawnSync(
    'chromium',
    [...options, ...flags, '--virtual-time-budget=4000', '--dump-dom', `file://${page}`],
    { encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26 },
  );
  const console = stderr.split('\n').filter((line) => line.includes('CONSOLE'));
  return { console, ...JSON.parse(/<pre id="measured">(\{.*?)<\/pre>/.exec(stdout)?.[1] ?? '{}') };
}

t.test('a report is drawn at 400 and at 1,400 pixels, without a complaint', { skip }, async (t) => {
  t.equal(onebit('sweep', 'experiment.json', '--workers', '1').status, 0);
  const { status, stderr } = onebit('report', '--title', '</script> & <b>');
  t.strictSame([status, stderr], [0, '']);
  for (const width of [400, 1400]) {
    const { console, figures, lines, overflow, smallest } = browse(width);
    t.strictSame(
      { console, figures, overflow: overflow > 0 },
      { console: [], figures: 4, overflow: false },
      `${width}`,
    );
    t.ok(lines >= 20, `${lines} lines`);
    t.ok(smallest >= 10, `the smallest text is ${smallest} pixels high`);
    const picture = join(folder, `${width}.png`);
    const flags = ['--headless', '--no-sandbox', '--hide-scrollbars', `--window-size=${width},2000`];
    spawnSync('chromium', [
      ...flags,
      '--virtual-time-budget=4000',
      `--screenshot=${picture}`,
      `file://${folder}/report/index.html`,
    ]);
    t.ok(statSync(picture).size > 50_000, 'the picture is not empty');
  }
});

t.test('in dark mode the ink is light and the paper of figures is dark', { skip }, async (t) => {
  const light = browse(1400);
  const dark = browse(1400, '--blink-settings=preferredColorScheme=0');
  t.equal(light.paper, 'rgb(255, 255, 255)');
  t.equal(dark.paper, 'rgb(25, 28, 32)');
  t.not(light.ink, dark.ink);
  for (const { title, ink } of [light, dark]) t.equal(title, ink, 'text of figures is as the text around');
  t.strictSame(dark.console, []);
});

t.test('it prints to a PDF of pages', { skip }, async (t) => {
  const pdf = join(folder, 'report.pdf');
  const flags = ['--headless', '--no-sandbox', '--virtual-time-budget=4000', `--print-to-pdf=${pdf}`];
  spawnSync('chromium', [...flags, `file://${folder}/report/index.html`]);
  t.match(readFileSync(pdf, 'latin1').slice(0, 5), '%PDF-');
});

t.test('figures stand beside it as SVG and PNG, and nothing is fetched', { skip }, async (t) => {
  const page = readFileSync(join(folder, 'report/index.html'), 'utf8');
  t.notMatch(page, /<(script|link|img)[^>]*(src|href)="(?!data:)/);
  for (const [, path] of page.matchAll(/href="(figures\/[^"]+)"/g))
    t.ok(statSync(join(folder, 'report', path)).size > 1000, path);
});
