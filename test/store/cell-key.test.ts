import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { CATALOG } from '../../src/policies/catalog.ts';
import { POLICY_NAMES } from '../../src/policies/find-policy.ts';
import { type Cell, CellRunner } from '../../src/simulator/cell.ts';
import { prepare } from '../../src/simulator/compare.ts';
import { canonicalPolicy, cellIdentity, cellKey, shortPolicy } from '../../src/store/cell-key.ts';
import { policyModules } from '../../src/store/policy-modules.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const CONTEXT = { trace: '0123456789abcdef', evaluatedFrom: 0 };
const CELL: Cell = { policy: 'lru', capacity: 20, predictions: 'none', seed: 1 };
const key = (cell: Partial<Cell>, context = CONTEXT) => cellKey(cellIdentity({ ...CELL, ...cell }, context));

t.test('configurations that do the same share a key', async (t) => {
  const flipped = { predictions: 'flip:0.1' };
  for (const [one, other] of [
    [{ policy: 'lru-k' }, { policy: 'lru-k(k=2)' }],
    [{ seed: 1 }, { seed: 2 }],
    [
      { policy: 'lazy-mark0', ...flipped },
      { policy: ' discard( marker )', predictions: 'flip:1e-1' },
    ],
    [
      { policy: 'switch(discard(lirs(hir=0.02,stack=2)),lru,margin=500)', ...flipped },
      { policy: 'switch(discard(lirs(stack=2,hir=0.02)),lru)', ...flipped },
    ],
    [
      { policy: 'discard(lru)', predictions: 'bursts:0.1' },
      { policy: 'discard(lru)', predictions: 'bursts:.1:100' },
    ],
    [
      { policy: 'discard(lru)', predictions: 'flip-requests:0', seed: 4 },
      { policy: 'discard(lru)', predictions: 'perfect' },
    ],
    [{ policy: 'random' }, { seed: 1, policy: 'random' }],
  ] as const) {
    t.equal(key(one), key(other), JSON.stringify([one, other]));
  }
});

t.test('whatever may change a result changes the key', async (t) => {
  const keys = [
    key({}),
    key({}, { ...CONTEXT, trace: '0123456789abcdee' }),
    key({}, { ...CONTEXT, evaluatedFrom: 1 }),
    key({ capacity: 21 }),
    key({ policy: 'lru-k' }),
    key({ policy: 'lru-k(k=3)' }),
    key({ policy: 'random' }),
    key({ policy: 'random', seed: 2 }),
    ...['perfect', 'inverted', 'flip:0.1', 'flip:0.2', 'bursts:0.1', 'bursts:0.1:50'].map((predictions) =>
      key({ policy: 'discard(lru)', predictions }),
    ),
    key({ policy: 'discard(lru)', predictions: 'flip:0.1', seed: 2 }),
    key({ policy: 'discard(lru,lru)'.replace(',lru', ''), predictions: 'random' }),
    key({ policy: 'switch(discard(lru),lru)', predictions: 'flip:0.1' }),
    key({ policy: 'switch(discard(lru),lru,margin=9)', predictions: 'flip:0.1' }),
  ];
  t.equal(new Set(keys).size, keys.length);
});

t.test('the bits of a model are known by the model, not by its file or its seed', async (t) => {
  const model = (_capacity: number, seed: number) => `weights ${seed % 2}`;
  const learned = (seed: number, predictions = 'train') =>
    cellKey(cellIdentity({ ...CELL, policy: 'discard(lru)', predictions, seed }, { ...CONTEXT, model }));
  t.equal(learned(1), learned(3));
  t.equal(learned(1), learned(1, 'model:chat.onebit'));
  t.not(learned(1), learned(2));
  t.not(learned(1), learned(1, 'online'));
  t.equal(learned(1, 'online'), learned(1, 'online:chat.onebit'));
});

t.test('cells of one key come to the same', async (t) => {
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 60 }, 1);
  const policies = ['lru', 'random', 'lru-k', 'lru-k(k=2)', 'equitable', 'online-min'];
  const withBits = ['lazy-mark0', 'discard(marker)', 'discard(lru)', 'switch(lazy-mark0,lru)', 'mark0'];
  const sources = [
    'perfect',
    'flip:0',
    'flip-requests:0',
    'bursts:0',
    'adversarial:0',
    'flip:0.3',
    'bursts:0.2',
  ];
  const cells = fc.record({
    capacity: fc.constantFrom(5, 30),
    seed: fc.integer({ min: 1, max: 3 }),
    kind: fc.oneof(
      fc.record({ policy: fc.constantFrom(...policies), predictions: fc.constant('none') }),
      fc.record({ policy: fc.constantFrom(...withBits), predictions: fc.constantFrom(...sources) }),
    ),
  });
  const { workload } = prepare({ trace, evaluatedFrom: 0 }, []);
  const runner = new CellRunner(workload);
  const known = new Map<string, string>();
  let shared = 0;
  fc.assert(
    fc.property(cells, ({ kind, ...rest }) => {
      const cell = { ...kind, ...rest };
      const result = JSON.stringify(runner.run(cell));
      const before = known.get(key(cell));
      if (before !== undefined) shared++;
      known.set(key(cell), before ?? result);
      return before === undefined || before === result;
    }),
    { numRuns: 400 },
  );
  t.ok(shared > 100, `${shared} cells shared a key`);
});

t.test('every policy of the catalog is traced to its modules', async (t) => {
  for (const name of POLICY_NAMES) {
    const cell = { ...CELL, policy: name === 'discard' ? 'discard(lru)' : 'lru' };
    t.match(key(cell), /^[0-9a-f]{32}$/, name);
  }
  const names = policyModules('mark0').map(({ pathname }) => pathname.split('/').at(-1));
  t.strictSame(names, ['mark0.ts', 'marker.ts']);
});

t.test('the short form of a policy is the same policy', async (t) => {
  for (const name of [...POLICY_NAMES, 'switch(discard(lru),lru,margin=9)', 'lru-k(k=3)', 'lirs(hir=0.01)']) {
    if (CATALOG[name]?.wraps !== undefined) continue;
    t.equal(canonicalPolicy(shortPolicy(canonicalPolicy(name))), canonicalPolicy(name), name);
  }
  t.equal(shortPolicy('switch(discard(marker),lru-k(k=2),margin=500)'), 'switch(lazy-mark0,lru-k)');
  t.equal(shortPolicy('online-min'), 'online-min');
});

t.test('a changed policy source changes the keys of its cells alone', async (t) => {
  const copies = t.testdir();
  const copy = async (name: string, change: (path: string) => void) => {
    const folder = join(copies, name);
    cpSync('src', folder, { recursive: true });
    change(folder);
    const module = await import(join(folder, 'store/cell-key.ts'));
    return (policy: string, predictions = 'none') =>
      module.cellIdentity({ ...CELL, policy, predictions }, CONTEXT).source as string;
  };
  const edit = (file: string) => (folder: string) => {
    const path = join(folder, file);
    writeFileSync(path, `${readFileSync(path, 'utf8')}// changed\n`);
  };
  const original = await copy('original', () => {});
  const lirs = await copy('lirs', edit('policies/classical/lirs.ts'));
  const cache = await copy('cache', edit('paging/cache.ts'));
  const report = await copy('report', edit('report/markup.ts'));
  for (const policy of ['lru', 'lirs', 'arc']) {
    t.equal(lirs(policy) === original(policy), policy !== 'lirs', policy);
    t.not(cache(policy), original(policy), policy);
    t.equal(report(policy), original(policy), policy);
  }
  t.not(lirs('discard(lirs)', 'perfect'), original('discard(lirs)', 'perfect'));
  t.equal(lirs('discard(lru)', 'perfect'), original('discard(lru)', 'perfect'));
});
