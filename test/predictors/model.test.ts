import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { encodedWidth } from '../../src/predictors/encoding.ts';
import { MODEL_SCHEMA, type Model, readModel, writeModel } from '../../src/predictors/model.ts';
import { Failure } from '../../src/support/failure.ts';
import { SeededRandom } from '../../src/support/random.ts';

const FEATURES = ['age', 'turn', 'length'];

/** A model of three features with random weights. */
function randomModel(seed: number): Model {
  const random = new SeededRandom(seed);
  const features = [
    { name: 'age', thresholds: [0, 1, 10], mean: 1.5, deviation: 2 },
    { name: 'turn', thresholds: [], mean: 0, deviation: 1 },
    { name: 'length', thresholds: [3], mean: -1, deviation: 0.5 },
  ];
  const layers = [8, 4, 2];
  const weights = (length: number) => Float32Array.from({ length }, () => random.normal());
  let inputs = encodedWidth(features);
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages: [0, 60, 600],
      judged: [{ capacity: 100, pays: true, cutPoints: 0.15, oneBit: null }],
      features,
      layers,
      trainedOn: { trace: 'a.jsonl', checksum: '0123', requests: 7 },
      seed,
      backend: 'wasm',
    },
    layers: layers.map((outputs) => {
      const layer = { kernel: weights(inputs * outputs), bias: weights(outputs) };
      inputs = outputs;
      return layer;
    }),
  };
}

t.test('a model file reads back as it was written, and leaves nothing else behind', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'onebit-'));
  const path = join(folder, 'm.onebit');
  const model = randomModel(3);
  writeModel(path, model);
  t.strictSame(readModel(path, FEATURES), model);
  t.strictSame(readdirSync(folder), ['m.onebit']);
});

t.test('a model file that cannot be used is refused in one line with place and remedy', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'onebit-'));
  const path = join(folder, 'm.onebit');
  writeModel(path, randomModel(3));
  const good = readFileSync(path);
  const end = good.indexOf(10);
  const header = JSON.parse(good.subarray(0, end).toString());
  const withHeader = (changes: object) =>
    Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, ...changes })}\n`), good.subarray(end + 1)]);
  const notFinite = Buffer.from(good);
  notFinite.writeFloatLE(Number.NaN, good.length - 4);
  const cases: [string, Buffer, RegExp][] = [
    ['empty', Buffer.alloc(0), /:1: is not a model file/],
    ['not JSON', Buffer.from('hello\n'), /:1: is not a model file/],
    ['null', Buffer.from('null\n'), /:1: has schema undefined/],
    [
      'another schema',
      withHeader({ schema: 'onebit-model/9' }),
      /:1: has schema "onebit-model\/9", this version reads/,
    ],
    [
      'other features',
      withHeader({ features: header.features.slice(1) }),
      /:1: was trained on other features.*“age” differs/,
    ],
    [
      'more features',
      withHeader({ features: [...header.features, { ...header.features[0], name: 'x' }] }),
      /“x” differs/,
    ],
    ['ages that do not fit', withHeader({ ages: [0, 60] }), /:1: the header is incomplete/],
    [
      'an older schema',
      withHeader({ schema: 'onebit-model/2', judged: [{ capacity: 100, pays: true }] }),
      /:1: has schema "onebit-model\/2", this version reads onebit-model\/3; train the model again/,
    ],
    [
      'no threshold',
      withHeader({ judged: [{ ...header.judged[0], cutPoints: undefined }] }),
      /:1: the header is incomplete/,
    ],
    [
      'an impossible threshold',
      withHeader({ judged: [{ ...header.judged[0], oneBit: 1.5 }] }),
      /:1: the header is incomplete/,
    ],
    ['no layers', withHeader({ layers: undefined }), /:1: the header is incomplete/],
    [
      'falling thresholds',
      withHeader({ features: [{ ...header.features[0], thresholds: [1, 0] }] }),
      /incomplete or has/,
    ],
    [
      'truncated',
      good.subarray(0, good.length - 3),
      /expected \d+ bytes of weights, found \d+; .*train the model again/,
    ],
    ['not finite', notFinite, /a weight is not finite/],
  ];
  for (const [name, bytes, expected] of cases) {
    writeFileSync(path, bytes);
    try {
      readModel(path, FEATURES);
      t.fail(name);
    } catch (error) {
      t.ok(error instanceof Failure, name);
      t.match((error as Error).message, expected, name);
      t.notMatch((error as Error).message, /\n/, name);
      t.match((error as Error).message, path, name);
    }
  }
  t.throws(() => readModel(join(folder, 'absent'), FEATURES), /absent: cannot be read/);
});
