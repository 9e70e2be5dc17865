import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import t from 'tap';
import { chancesOf } from '../../experiments/cut-points/variants.ts';
import { blockFeatures } from '../../src/features/block-features.ts';
import { trainingRows, UNKNOWN } from '../../src/features/training-rows.ts';
import { nextRequests } from '../../src/paging/belady.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { encodedWidth, encodeRow } from '../../src/predictors/encoding.ts';
import { learnedDiscards } from '../../src/predictors/learned-discards.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';
import { cutPointBits, oneBits } from '../../src/predictors/request-bits.ts';
import { ScriptKernel } from '../../src/predictors/script-kernel.ts';
import { SimdKernel } from '../../src/predictors/simd-kernel.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { Failure } from '../../src/support/failure.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { firstRequests } from '../../src/traces/first-requests.ts';
import { accessTimes } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { prepareBackend } from '../../src/training/backend.ts';
import { type Checkpoint, checkpointFile } from '../../src/training/checkpoint.ts';
import { fitEncoding } from '../../src/training/fit-encoding.ts';
import { type GivenBits, judge, THRESHOLDS } from '../../src/training/judge.ts';
import { buildNetwork, extractLayers, layerOutputs } from '../../src/training/network.ts';
import { train } from '../../src/training/train.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 900 }, 2);
const REQUESTS = 600;
const CAPACITY = 800;
const policy = findPolicy('discard(lru)');
const bits = new Uint8Array(trace.blocks.pages.length);
const faults = (capacity: number, from: number, to: number, given?: GivenBits) =>
  simulate({
    sequence: trace.blocks,
    policy,
    capacity,
    seed: 1,
    from,
    to,
    predictions: bits,
    ...given,
  });
const plan = { requests: REQUESTS, capacities: [CAPACITY], seed: 3, faults };

const weightsOf = ({ layers }: Model) =>
  Buffer.concat(
    layers.flatMap(({ kernel, bias }) => [kernel, bias].map((x) => Buffer.from(x.buffer))),
  ).toString('hex');
const fingerprint = (model: Model) => JSON.stringify(model.header) + weightsOf(model);

t.test('the compiled kernels agree with TensorFlow.js to 1e-5', async (t) => {
  await prepareBackend();
  const matrix = blockFeatures(trace, 300);
  const features = fitEncoding(matrix, matrix.rows);
  const width = encodedWidth(features);
  const ages = [0, 1, 10, 100];
  const network = buildNetwork(width, 3, 7);
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
      ages,
      judged: [],
      features,
      layers: layerOutputs(3),
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
  for (const Compiled of [ScriptKernel, SimdKernel]) {
    const got = new Compiled(model).hazards(matrix.values);
    t.ok(got.length > 3000);
    t.ok(Math.max(...got.map((p, i) => Math.abs(p - expected[i]))) < 1e-5, Compiled.name);
    t.ok(Math.max(...got) - Math.min(...got) > 0.1, 'the chances differ among themselves');
  }
});

t.test('the same seed trains the same model, another seed another one', async (t) => {
  const progress: number[] = [];
  const one = await train(trace, { ...plan, onProgress: (done) => progress.push(done) });
  const two = await train(trace, plan);
  const other = await train(trace, { ...plan, seed: 4 });
  t.equal(fingerprint(one), fingerprint(two));
  t.not(fingerprint(one), fingerprint(other));
  t.equal(progress.at(-1), 1);
  t.ok(progress.every((done, i) => i === 0 || done > progress[i - 1]));
});

t.test('an interrupted training goes on to the very same model', async (t) => {
  const path = join(t.testdir(), 'chat.onebit.unfinished');
  const file = checkpointFile(path);
  const stop = new Error('interrupted');
  const interrupting = {
    ...file,
    write: (checkpoint: Checkpoint) => {
      file.write(checkpoint);
      if (checkpoint.losses.length === 2) throw stop;
    },
  };
  await t.rejects(train(trace, { ...plan, checkpoints: interrupting }), stop);
  t.ok(existsSync(path));
  const progress: number[] = [];
  const resumed = await train(trace, {
    ...plan,
    checkpoints: file,
    onProgress: (done) => progress.push(done),
  });
  t.equal(fingerprint(resumed), fingerprint(await train(trace, plan)));
  t.ok(progress[0] > 0.3, 'the first passes are not done again');
  t.notOk(existsSync(path), 'a finished training leaves nothing behind');
  for (const other of ['{"training":"another",', 'damaged', '']) {
    writeFileSync(path, other);
    t.equal(file.read('this one'), undefined);
  }
});

t.test('training sees nothing beyond the training part', async (t) => {
  const cut = trace.firstBlock[REQUESTS];
  const pages = trace.blocks.pages.slice();
  for (let i = cut; i < pages.length; i++) pages[i] = pages[i % 50];
  const changed = { ...trace, blocks: { ...trace.blocks, pages } };
  const [one, two] = [await train(trace, plan), await train(changed, plan)];
  t.equal(weightsOf(one), weightsOf(two));
  t.strictSame(one.header.judged, two.header.judged);
  t.strictSame(one.header.ages, two.header.ages);
});

const trained = train(trace, { ...plan, seed: 1 });

t.test('trained bits beat LRU on requests they were not trained on', async (t) => {
  const model = await trained;
  const late = learnedDiscards(model, blockFeatures(trace), trace.blocks, accessTimes(trace))(CAPACITY);
  const [from, to] = [trace.firstBlock[REQUESTS], trace.blocks.pages.length];
  const lru = faults(CAPACITY, from, to);
  t.ok(
    faults(CAPACITY, from, to, { late }) < lru,
    `${faults(CAPACITY, from, to, { late })} faults, LRU ${lru}`,
  );
});

t.test('where the bits save nothing on held-out requests, they stay 0', async (t) => {
  const model = await train(trace, { ...plan, faults: () => 10 });
  t.strictSame(model.header.judged, [{ capacity: CAPACITY, pays: false, cutPoints: null, oneBit: null }]);
  const late = learnedDiscards(model, blockFeatures(trace), trace.blocks, accessTimes(trace));
  for (const capacity of [CAPACITY, 10 * CAPACITY]) t.ok(late(capacity).every((page) => page === NO_PAGE));
});

t.test(
  'the threshold with the fewest faults on held-out requests is taken, the lowest of several',
  async (t) => {
    const model = await train(trace, { ...plan, seed: 1 });
    const matrix = blockFeatures(trace, REQUESTS);
    const held = Math.floor(0.8 * REQUESTS);
    const [first, to] = [trace.firstBlock, trace.firstBlock[REQUESTS]];
    const chances = chancesOf(model, firstRequests(trace, REQUESTS))(CAPACITY);
    const [found] = judge(model, trace, matrix, held, REQUESTS, [CAPACITY], faults);
    const lru = faults(CAPACITY, first[held], to);
    for (const [bits, threshold] of [
      [cutPointBits, found.cutPoints],
      [oneBits, found.oneBit],
    ] as const) {
      const tried = THRESHOLDS.map((enough) => {
        const predictions = bits(chances, first.subarray(0, REQUESTS + 1), enough);
        return faults(CAPACITY, first[held], to, { predictions });
      });
      const least = Math.min(...tried);
      t.equal(threshold, least < lru ? THRESHOLDS[tried.indexOf(least)] : null);
    }
    t.ok(found.cutPoints !== null && found.oneBit !== null, 'both pay here');
  },
);

t.test('outcomes say what is known at the end of the training part, and no more', async (t) => {
  const { ages, outcomes } = trainingRows(trace, REQUESTS);
  const spans = ages.length - 1;
  const time = accessTimes(trace);
  const end = trace.time[REQUESTS - 1];
  const accesses = trace.firstBlock[REQUESTS];
  t.equal(outcomes.length, accesses * spans);
  const next = nextRequests(trace.blocks);
  for (let i = 0; i < accesses; i++) {
    const away = next[i] < accesses ? time[next[i]] - time[i] : Number.POSITIVE_INFINITY;
    for (let span = 0; span < spans; span++) {
      const [from, to] = [ages[span], ages[span + 1]];
      const reached = span === 0 || away > from;
      const expected = reached && time[i] + to <= end ? Number(away <= to) : UNKNOWN;
      if (outcomes[i * spans + span] !== expected) t.fail(`access ${i}, span ${span}`);
    }
  }
  t.ok(outcomes.includes(1) && outcomes.includes(0) && outcomes.includes(UNKNOWN));
});

t.test('a training part that is too small is refused with a remedy', async (t) => {
  const small = { ...plan, requests: 3 };
  await t.rejects(train(trace, small), Failure);
  await t.rejects(train(trace, small), { message: /too few to train on.*longer trace/ });
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
