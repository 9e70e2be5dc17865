/** The documentation: pages told by the source are as the source tells them, the site has no broken link, schemas hold. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { LinkChecker, LinkState } from 'linkinator';
import t from 'tap';
import { buildSite, writtenPages } from '../../docs/build.ts';

t.setTimeout(600_000);

const MAIN = join(process.cwd(), 'src/cli/main.ts');
const LOADER = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs');

t.test('the pages that `npm run docs` writes are committed as it writes them', async (t) => {
  for (const [name, text] of Object.entries(await writtenPages()))
    t.equal(readFileSync(join('docs', name), 'utf8'), text, `docs/${name}: run npm run docs`);
});

t.test('the site is built without a warning, and every link within it leads somewhere', async (t) => {
  const site = t.testdir();
  t.equal(await buildSite(site), true);
  const checker = new LinkChecker();
  const { links } = await checker.check({
    path: site,
    recurse: true,
    checkFragments: true,
    linksToSkip: ['^https?://(?!localhost)'],
  });
  t.ok(links.length > 100, `${links.length} links were followed`);
  t.strictSame(
    links.filter(({ state }) => state === LinkState.BROKEN).map(({ url, parent }) => `${parent}: ${url}`),
    [],
  );
});

/** A command of each kind of record, and the type of its lines. */
const PRINTS: readonly (readonly [type: string, ...args: string[]])[] = [
  ['ResultRecord', 'compare', '--predictions', 'perfect', '--policy', 'lru,lazy-mark0'],
  ['WeightedRecord', 'compare', 'io.csv', '--capacity', '64KB', '--policy', 'lru'],
  ['StreamRecord', 'compare', 'io.onebit', '--stream', '--capacity', '2', '--policy', 'lru'],
  ['CurveRecord', 'curve', '--capacity', '100'],
  ['SampledCurveRecord', 'curve', '--sample', '1000', '--capacity', '100'],
  ['ResultRecord', 'sweep', 'experiment.json'],
  ['StoredRecord', 'results'],
  ['ReplayRecord', 'replay', '--predictions', 'perfect'],
  ['VerifyRecord', 'verify', 'lru'],
  ['CertificateRecord', 'certify', 'lru', '--k', '2'],
];

t.test('what `--json` prints is as the schema says', async (t) => {
  const folder = t.testdir({
    'io.csv': 'time,page,size\n1,7,4096\n2,8,8192\n3,7,4096\n',
    'experiment.json': '{"policies": ["lru"], "capacities": [50]}',
  });
  const schema = JSON.parse(readFileSync('docs/records.schema.json', 'utf8'));
  const ajv = new Ajv({ allowUnionTypes: true });
  ajv.addSchema(schema, 'records');
  const onebit = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', LOADER, MAIN, ...args], { cwd: folder, encoding: 'utf8' });
  t.equal(onebit('trace', 'convert', 'io.csv', 'io.onebit').status, 0);
  for (const [type, ...args] of PRINTS) {
    const { stdout, stderr } = onebit(...args, '--json');
    const lines = stdout.trimEnd().split('\n');
    t.ok(lines.length > 0 && lines[0] !== '', `onebit ${args.join(' ')} ${stderr}`);
    const valid = ajv.getSchema(`records#/definitions/${type}`);
    for (const line of lines) {
      t.ok(valid?.(JSON.parse(line)), `${type}: ${line.slice(0, 80)} ${JSON.stringify(valid?.errors)}`);
      t.notOk(valid?.({ ...JSON.parse(line), policy: 7, trace: 7 }), 'and the schema can fail');
    }
  }
});
