import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readExperiment } from '../../src/simulator/experiment.ts';

t.test('an experiment declares what differs from the defaults', async (t) => {
  const path = join(t.testdir(), 'small.json');
  writeFileSync(path, '{"capacities": [10]}');
  const { policies, ...rest } = readExperiment(path);
  t.strictSame(
    policies.map(({ name }) => name),
    ['lru', 'lazy-mark0'],
  );
  const predictions = [{ kind: 'perfect' }];
  t.strictSame(rest, { trace: undefined, capacities: [10], predictions, seeds: [1], trainFraction: 0 });
  const all = {
    trace: 'a.jsonl',
    policies: ['discard(lru)'],
    capacities: [10, 20],
    predictions: ['train', 'flip:0.1'],
    seeds: 3,
    trainFraction: 0.5,
  };
  writeFileSync(path, JSON.stringify(all));
  const { seeds, trainFraction, trace } = readExperiment(path);
  t.strictSame([seeds, trainFraction, trace], [[1, 2, 3], 0.5, 'a.jsonl']);
  writeFileSync(path, '{"capacities": [10], "policies": ["discard(lru)"], "predictions": ["train"]}');
  t.equal(readExperiment(path).trainFraction, 0.6, 'training needs a part to train on');
});

for (const [text, complaint] of [
  ['{', /not JSON .*; correct it$/],
  ['[1]', /one JSON object/],
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
  ['{"capacities": [10], "trace": 7}', /trace must be the path/],
] as const) {
  t.test(`${text} is refused in one line that names the file`, async (t) => {
    const path = join(t.testdir(), 'wrong.json');
    writeFileSync(path, text);
    try {
      readExperiment(path);
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
  t.throws(() => readExperiment(join(t.testdir(), 'absent.json')), /absent\.json: cannot be read \(ENOENT\)/);
});
