import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { capacitiesOn, checkExperiment, readExperiment } from '../../src/simulator/experiment.ts';

t.test('an experiment declares what differs from the defaults', async (t) => {
  const path = join(t.testdir(), 'small.json');
  writeFileSync(path, '{"capacities": [10]}');
  const { policies, ...rest } = await readExperiment(path);
  t.strictSame(
    policies.map(({ name }) => name),
    ['lru', 'lazy-mark0'],
  );
  const predictions = [{ kind: 'perfect' }];
  const traces = [undefined];
  t.strictSame(rest, {
    traces,
    requests: undefined,
    capacities: [10],
    predictions,
    seeds: [1],
    trainFraction: 0,
  });
  const all = {
    trace: 'a.jsonl',
    policies: ['discard(lru)'],
    capacities: [10, 20],
    predictions: ['train', 'flip:0.1'],
    seeds: 3,
    trainFraction: 0.5,
  };
  writeFileSync(path, JSON.stringify(all));
  const { seeds, trainFraction, traces: given } = await readExperiment(path);
  t.strictSame([seeds, trainFraction, given], [[1, 2, 3], 0.5, [join(dirname(path), 'a.jsonl')]]);
  writeFileSync(path, '{"capacities": [10], "policies": ["discard(lru)"], "predictions": ["train"]}');
  t.equal((await readExperiment(path)).trainFraction, 0.6, 'training needs a part to train on');
});

for (const [text, complaint] of [
  ['{', /not JSON .*; correct it$/],
  ['[1]', /an experiment is one object/],
  ['{"capacities": [10], "polices": ["lru"]}', /no option “polices”; did you mean policies\?$/],
  ['{}', /capacities must be a list of cache sizes/],
  ['{"capacities": [1.5]}', /capacities must be/],
  ['{"capacities": []}', /capacities must be/],
  ['{"capacities": [10], "policies": "lru"}', /policies must be a list of policies/],
  ['{"capacities": [10], "policies": ["lur"]}', /unknown policy “lur”; did you mean lru\?$/],
  ['{"capacities": [10], "predictions": ["flip:2"]}', /“flip:2”: the probability/],
  [
    '{"capacities": [10], "policies": ["mark-and-predict"], "predictions": ["train"]}',
    /mark-and-predict needs/,
  ],
  ['{"capacities": [10], "seeds": 0}', /seeds must be a number of seeds ≥ 1/],
  ['{"capacities": [10], "trainFraction": 1}', /trainFraction must be a share/],
  ['{"capacities": [10], "predictions": ["train"], "trainFraction": 0}', /trainFraction must be a share/],
  ['{"capacities": [10], "predictions": ["online"], "trainFraction": 0}', /trainFraction must be a share/],
  ['{"capacities": [10], "trace": 7}', /trace must be the path/],
  ['{"capacities": [10], "requests": 0}', /requests must be a number of requests ≥ 1/],
  [
    '{"capacities": [10], "reduced": {"sedes": 2}}',
    /reduced: there is no option “sedes”; did you mean seeds\?$/,
  ],
] as const) {
  t.test(`${text} is refused in one line that names the file`, async (t) => {
    const path = join(t.testdir(), 'wrong.json');
    writeFileSync(path, text);
    try {
      await readExperiment(path);
      t.fail('it was read');
    } catch (error) {
      const { name, message } = error as Error;
      t.equal(name, 'Failure');
      t.ok(message.startsWith(`${path}: `) && !message.includes('\n'), message);
      t.match(message, complaint);
    }
  });
}

t.test('a missing file is refused', async (t) => {
  const absent = readExperiment(join(t.testdir(), 'absent.json'));
  await t.rejects(absent, { name: 'Failure', message: /absent\.json: cannot be read \(ENOENT\)/ });
});

t.test('a TypeScript file declares an experiment as JSON does, and errs in one line', async (t) => {
  const folder = t.testdir({
    'experiment.ts': 'const capacities: number[] = [10];\nexport default { capacities, seeds: 2 };\n',
    'broken.ts': 'export default {\n  capacities: [10\n};\n',
    'empty.ts': 'export const capacities = [10];\n',
  });
  t.strictSame((await readExperiment(join(folder, 'experiment.ts'))).seeds, [1, 2]);
  await t.rejects(readExperiment(join(folder, 'broken.ts')), {
    name: 'Failure',
    message: /broken\.ts: does not compile: line 3/,
  });
  await t.rejects(readExperiment(join(folder, 'empty.ts')), {
    name: 'Failure',
    message: /an experiment is one object/,
  });
});

t.test('a reduced run takes the place of what it declares', async (t) => {
  const declared = { capacities: [10, 20], seeds: 5, reduced: { seeds: 2, requests: 100 } };
  const full = checkExperiment(declared, 'experiment.ts');
  const reduced = checkExperiment(declared, 'experiment.ts', true);
  t.strictSame([full.seeds.length, full.requests], [5, undefined]);
  t.strictSame([reduced.seeds.length, reduced.requests, reduced.capacities], [2, 100, [10, 20]]);
  t.throws(() => checkExperiment({ capacities: [10] }, 'experiment.ts', true), {
    name: 'Failure',
    message: /declares no reduced run/,
  });
});

t.test('cache sizes below 1 are shares of the distinct blocks', async (t) => {
  t.strictSame(capacitiesOn([5, 0.1, 0.001, 0.05], 100), [5, 10, 1]);
});
