import * as tf from '@tensorflow/tfjs-core';
import t from 'tap';
import { blockFeatures } from '../../src/features/block-features.ts';
import { NO_PAGE } from '../../src/paging/policy.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { keepValues } from '../../src/predictors/keep-value.ts';
import { Kernel } from '../../src/predictors/kernel.ts';
import { learnedDiscards } from '../../src/predictors/learned-discards.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { firstRequests } from '../../src/traces/first-requests.ts';
import { accessTimes, requestCount, type ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { prepareBackend } from '../../src/training/backend.ts';
import { learnOnline } from '../../src/training/learn-online.ts';
import { ONLINE, OnlineLearner } from '../../src/training/online-learner.ts';
import { train } from '../../src/training/train.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 300 }, 2);
const { blocks, firstBlock } = trace;
const KNOWN = 100;
/** Small enough that a trace of this size goes through all that a long one goes through. */
const settings = { ...ONLINE, kept: 2048, period: 500, sample: 512 };

await prepareBackend();
const tensors = () => tf.memory().numTensors;
const before = tensors();
const model = await train(trace, { requests: KNOWN, capacities: [], seed: 1, faults: () => 0 });
const leftByTraining = tensors() - before;
const values = (one: ServingTrace, seed = 1) => learnOnline(one, { model, known: KNOWN, seed, settings });
const own = await values(trace);
const leftByLearning = tensors() - before;

const equal = (a: Float32Array, b: Float32Array) =>
  Buffer.compare(Buffer.from(a.slice().buffer), Buffer.from(b.slice().buffer)) === 0;

t.test('the future changes nothing that was said before', async (t) => {
  const request = KNOWN + 12;
  const pages = blocks.pages.map((page, i) => (i < firstBlock[request] ? page : i % 50));
  const time = trace.time.map((seconds, r) => (r < request ? seconds : 2 * seconds));
  // It learns after every request, so that nothing that came too early would go unnoticed.
  const [said, other] = await Promise.all(
    [trace, { ...trace, blocks: { ...blocks, pages }, time }].map((whole) => {
      const always = { ...settings, period: 1, sample: 64 };
      return learnOnline(firstRequests(whole, request + 5), {
        model,
        known: KNOWN,
        seed: 1,
        settings: always,
      });
    }),
  );
  const before = firstBlock[request] * (model.header.ages.length - 1);
  t.ok(equal(other.subarray(0, before), said.subarray(0, before)));
  t.notOk(equal(other.subarray(before), said.subarray(before)), 'and later ones it does');
});

t.test('the same seed says the same, another seed something else', async (t) => {
  t.ok(equal(await values(trace), own));
  t.notOk(equal(await values(trace, 2), own));
});

t.test('a model is the start, and is left behind once its training part is over', async (t) => {
  const still = keepValues(new Kernel(model).hazards(blockFeatures(trace).values), model.header.ages);
  const known = firstBlock[KNOWN] * (model.header.ages.length - 1);
  const farthest = (from: number, said: Float32Array) =>
    said.subarray(from).reduce((most, value, i) => Math.max(most, Math.abs(value - still[from + i])), 0);
  t.ok(farthest(0, own.subarray(0, known)) < 1e-6, 'the model as it is');
  t.ok(farthest(known, own) > 1e-2, 'the model as it has become');
  const slow = { ...settings, learningRate: 1e-9 };
  const said = await learnOnline(firstRequests(trace, 200), { model, known: KNOWN, seed: 1, settings: slow });
  t.ok(farthest(known, said) < 1e-3, 'where it takes no steps worth the name, it stays');
});

/**
 * Prompts of two lengths in turn: those of one come from a dozen that are asked for six times each, those of the other are never
 * asked for again. Half-way the lengths change places.
 */
function turningWorld(requests: number): ServingTrace {
  const pages = new Uint32Array(requests);
  const inputTokens = new Uint32Array(requests);
  let pageCount = 0;
  for (let r = 0; r < requests; r++) {
    const again = r % 2 === 0 && Math.floor(r / 24) % 6 > 0;
    pages[r] = again ? pages[r - 24] : pageCount++;
    inputTokens[r] = (r % 2 === 0) === r < requests / 2 ? 100 : 2000;
  }
  const unknown = new Int32Array(requests).fill(-1);
  return {
    name: 'turning world',
    blocks: { pages, pageCount },
    firstBlock: Uint32Array.from({ length: requests + 1 }, (_, r) => r),
    time: Float64Array.from(pages.keys()),
    inputTokens,
    outputTokens: new Uint32Array(requests),
    parent: unknown,
  };
}

const REQUESTS = 4320;
const TURN = REQUESTS / 2;
const LEARNT = 1728;
const LATE = 3744;

t.test('when the world turns, what was learnt is learnt anew', async (t) => {
  const world = turningWorld(REQUESTS);
  const [sequence, time] = [world.blocks, accessTimes(world)];
  const early = await train(world, { requests: LEARNT, capacities: [], seed: 1, faults: () => 0 });
  // As many steps as a stream of hours has.
  const often = { ...settings, period: 100, learningRate: 2e-3 };
  const said = await learnOnline(world, { model: early, known: LEARNT, seed: 1, settings: often });
  const hitRatio = (late: Uint32Array, from: number, to: number) => {
    const policy = findPolicy('discard(lru)');
    const given = { predictions: new Uint8Array(to), late };
    return 1 - simulate({ sequence, policy, capacity: 16, seed: 1, from, to, ...given }) / (to - from);
  };
  // LRU never hits; the optimum hits at five of twelve requests.
  t.equal(hitRatio(new Uint32Array(REQUESTS).fill(NO_PAGE), 0, REQUESTS), 0);
  const online = lateDiscards(sequence, time, said, early.header.ages, 16);
  const still = learnedDiscards(early, blockFeatures(world), sequence, time)(16);
  for (const late of [online, still]) t.ok(hitRatio(late, LEARNT, TURN) > 0.38);
  t.ok(hitRatio(online, LATE, REQUESTS) > 0.38, `${hitRatio(online, LATE, REQUESTS)} long after`);
  t.ok(hitRatio(still, LATE, REQUESTS) < 0.36, `${hitRatio(still, LATE, REQUESTS)} without learning anew`);
});

t.test('memory does not grow with the stream', async (t) => {
  const { values: features, names } = blockFeatures(trace);
  const learner = new OnlineLearner(model, 1, settings);
  const bytes: number[] = [];
  for (let r = 0; r < requestCount(trace); r++) {
    const [from, to] = [firstBlock[r], firstBlock[r + 1]];
    const rows = features.subarray(from * names.length, to * names.length);
    await learner.observe(blocks.pages.subarray(from, to), rows, trace.time[r]);
    bytes.push(tf.memory().numBytes);
  }
  t.ok(firstBlock[100] > settings.period, 'it has learnt once');
  t.equal(bytes[bytes.length - 1], bytes[100]);
  learner.dispose();
});

t.test('learning gives back all that it took', async (t) => {
  t.equal(leftByTraining, 0);
  t.equal(leftByLearning, 0);
});

t.test('a model of other layers is refused with a remedy', async (t) => {
  const { header, layers } = model;
  const other = { layers, header: { ...header, layers: [8, ...header.layers.slice(-1)] } };
  t.throws(() => new OnlineLearner(other, 1), { name: 'Failure', message: /layers of 8, .*train/ });
});
