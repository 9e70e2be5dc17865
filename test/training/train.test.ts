import * as tf from '@tensorflow/tfjs-core';
import t from 'tap';
import { blockFeatures } from '../../src/features/block-features.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { encodedWidth, encodeRow } from '../../src/predictors/encoding.ts';
import { Kernel } from '../../src/predictors/kernel.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { Failure } from '../../src/support/failure.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { prepareBackend } from '../../src/training/backend.ts';
import { fitEncoding } from '../../src/training/fit-encoding.ts';
import { buildNetwork, extractLayers, LAYERS } from '../../src/training/network.ts';
import { train } from '../../src/training/train.ts';
import { trainingRows } from '../../src/training/training-rows.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 1500 }, 2);
const REQUESTS = 1000;
const CAPACITY = 800;
const policy = findPolicy('discard(lru)');
const faults = (predictions: Uint8Array, from: number, to: number) =>
  simulate({ sequence: trace.blocks, policy, capacity: CAPACITY, predictions, seed: 1, from, to });

const weightsOf = ({ layers }: Model) =>
  Buffer.concat(
    layers.flatMap(({ kernel, bias }) => [kernel, bias].map((x) => Buffer.from(x.buffer))),
  ).toString('hex');
const fingerprint = (model: Model) => JSON.stringify(model.header) + weightsOf(model);

t.test('the compiled kernel agrees with TensorFlow.js to 1e-5', async (t) => {
  await prepareBackend();
  const matrix = blockFeatures(trace, 300);
  const features = fitEncoding(
    matrix,
    Uint32Array.from({ length: matrix.rows }, (_, i) => i),
  );
  const width = encodedWidth(features);
  const network = buildNetwork(width, 7);
  // Weights as large as training leaves them, and biases that are not 0.
  const random = new SeededRandom(7);
  const jitter = (w: tf.Tensor) =>
    tf.tensor(
      w.dataSync().map((x) => x + 0.1 * random.normal()),
      w.shape,
    );
  network.setWeights(network.getWeights().map(jitter));
  const model: Model = {
    header: {
      schema: MODEL_SCHEMA,
      capacity: 1,
      threshold: 0.5,
      features,
      layers: LAYERS,
      trainedOn: { trace: '', checksum: '', requests: 1 },
      seed: 7,
      backend: tf.getBackend(),
    },
    layers: extractLayers(network),
  };
  const inputs = new Float32Array(matrix.rows * width);
  for (let row = 0; row < matrix.rows; row++)
    encodeRow(features, matrix.values, row * features.length, inputs, row * width);
  const logits = network.predict(tf.tensor2d(inputs, [matrix.rows, width])) as tf.Tensor;
  const expected = tf.sigmoid(logits).dataSync();
  const got = new Kernel(model).probabilities(matrix.values);
  t.ok(matrix.rows > 1000);
  t.ok(Math.max(...got.map((p, i) => Math.abs(p - expected[i]))) < 1e-5);
  t.ok(Math.max(...got) - Math.min(...got) > 0.1, 'the probabilities differ among themselves');
});

t.test('the same seed trains the same model, another seed another one', async (t) => {
  const plan = { requests: REQUESTS, capacity: CAPACITY, seed: 3, faults };
  const progress: number[] = [];
  const one = await train(trace, { ...plan, onProgress: (done) => progress.push(done) });
  const two = await train(trace, plan);
  const other = await train(trace, { ...plan, seed: 4 });
  t.equal(fingerprint(one), fingerprint(two));
  t.not(fingerprint(one), fingerprint(other));
  t.equal(progress.at(-1), 1);
  t.ok(progress.every((done, i) => i === 0 || done > progress[i - 1]));
});

t.test('training sees nothing beyond the training part', async (t) => {
  const cut = trace.firstBlock[REQUESTS];
  const pages = trace.blocks.pages.slice();
  for (let i = cut; i < pages.length; i++) pages[i] = pages[i % 50];
  const changed = { ...trace, blocks: { ...trace.blocks, pages } };
  const plan = { requests: REQUESTS, capacity: CAPACITY, seed: 3, faults };
  const [one, two] = [await train(trace, plan), await train(changed, plan)];
  t.equal(weightsOf(one), weightsOf(two));
  t.equal(one.header.threshold, two.header.threshold);
});

t.test('trained bits beat LRU on requests they were not trained on', async (t) => {
  const model = await train(trace, { requests: REQUESTS, capacity: CAPACITY, seed: 1, faults });
  const bits = new Kernel(model).bits(blockFeatures(trace).values);
  const [from, to] = [trace.firstBlock[REQUESTS], trace.blocks.pages.length];
  const lru = simulate({
    sequence: trace.blocks,
    policy: findPolicy('lru'),
    capacity: CAPACITY,
    seed: 1,
    from,
    to,
  });
  t.ok(faults(bits, from, to) < lru, `${faults(bits, from, to)} faults, LRU ${lru}`);
});

t.test(
  'labels of the training part are those of its own Belady run, and its unsettled end is left out',
  async (t) => {
    const { rows, labels } = trainingRows(trace, REQUESTS, CAPACITY);
    t.equal(labels.length, trace.firstBlock[REQUESTS]);
    t.ok(rows.length < labels.length && rows.length >= labels.length / 2);
    const known = { pages: trace.blocks.pages.slice(0, labels.length), pageCount: trace.blocks.pageCount };
    const lfd = discardLabels(known, CAPACITY);
    t.ok(rows.every((row, i) => row === i && labels[row] >= lfd[row]));
  },
);

t.test('a training part that is too small is refused with a remedy', async (t) => {
  const plan = { requests: 3, capacity: CAPACITY, seed: 3, faults };
  await t.rejects(train(trace, plan), Failure);
  await t.rejects(train(trace, plan), { message: /too few to train on.*longer trace/ });
});

t.test('training goes on with WebAssembly when the native package is missing or broken', async (t) => {
  const missing = async () => {
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  };
  const broken = async () => {
    throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found');
  };
  const unregistered = async () => {};
  for (const loadNative of [missing, broken, unregistered]) t.equal(await prepareBackend(loadNative), 'wasm');
});
