import t from 'tap';
import { nextRequests, optimalFaults } from '../../src/paging/belady.ts';
import { discardLabels, phaseLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { flipBits, randomBits } from '../../src/predictors/noise.ts';
import {
  type BitMaterial,
  Labels,
  makeArrivals,
  makeBits,
  makeStates,
} from '../../src/simulator/make-predictions.ts';
import {
  checkPredictions,
  formatPredictions,
  parsePredictions,
  parseSources,
} from '../../src/simulator/predictions.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';

const sequence = zipfSequence(20_000, 300, 1, 4);
const labels = new Labels(sequence, 20, nextRequests(sequence));
const lazyMark0 = findPolicy('lazy-mark0');
const material: BitMaterial = {
  seed: 7,
  learned: undefined,
  // Serving requests of ten blocks.
  firstBlock: Uint32Array.from({ length: 2001 }, (_, request) => 10 * request),
  next: nextRequests(sequence),
  faults: (predictions) => simulate({ sequence, policy: lazyMark0, capacity: 20, predictions, seed: 8 }),
};

t.test('a source of predictions reads back as it is written', async (t) => {
  for (const text of [
    'perfect',
    'inverted',
    'random',
    'train',
    'popularity',
    'pleco',
    'flip:0.25',
    'flip-requests:0.5',
    'bursts:0.1:20',
    'adversarial:1',
    'noise:2.5',
    'model:a:b.onebit',
    'online',
    'online:a:b.onebit',
  ]) {
    t.equal(formatPredictions(parsePredictions(text)), text);
  }
  for (const text of [
    '',
    'flip',
    'flip:',
    'flip:-1',
    'flip:x',
    'flip-requests:2',
    'bursts:',
    'bursts:0.1:',
    'bursts:0.1:0.5',
    'bursts:0.1:9:9',
    'adversarial:',
    'model:',
    'online:',
    'Perfect',
    'noise',
    'noise:',
    'noise:-1',
    'noise:x',
  ]) {
    t.throws(() => parsePredictions(text), { name: 'Failure' }, text);
  }
});

t.test('several sources are told apart by commas, and a path may have some', async (t) => {
  const written = (text: string) => parseSources(text).map(formatPredictions);
  t.strictSame(written('train, flip:0.1,online'), ['train', 'flip:0.1', 'online']);
  t.strictSame(written('model:a,b.onebit,online:c,d,e,train'), ['model:a,b.onebit', 'online:c,d,e', 'train']);
  for (const text of ['train,b.onebit', 'train,', ',train'])
    t.throws(() => parseSources(text), { name: 'Failure' }, text);
});

t.test('each policy is measured against labels of the kind it needs', async (t) => {
  t.strictSame(labels.of(lazyMark0), discardLabels(sequence, 20));
  t.strictSame(labels.of(findPolicy('mark-and-predict')), phaseLabels(sequence, 20));
  t.throws(() => labels.of(findPolicy('lru')), /lru needs nothing/);
});

t.test('flips of probability p are wrong on about a share p of 0s and of 1s', async (t) => {
  const truth = labels.of(lazyMark0);
  const ones = truth.reduce((sum, bit) => sum + bit, 0);
  const { eta0, eta1 } = predictionError(flipBits(truth, 0.1, new SeededRandom(1)), truth);
  // Five standard deviations of a binomial count.
  const near = (count: number, trials: number) =>
    Math.abs(count - 0.1 * trials) < 5 * Math.sqrt(0.09 * trials);
  t.ok(
    near(eta0, ones) && near(eta1, truth.length - ones),
    `${eta0} of ${ones}, ${eta1} of ${truth.length - ones}`,
  );
  t.strictSame(flipBits(truth, 0, new SeededRandom(1)), truth);
  t.ok(randomBits(1000, new SeededRandom(2)).every((bit) => bit === 0 || bit === 1));
});

t.test('perfect, inverted, flipped and random bits have the errors they should', async (t) => {
  const truth = labels.of(lazyMark0);
  const errors = (source: string) =>
    predictionError(makeBits(parsePredictions(source), truth, material).predictions, truth);
  const ones = truth.reduce((sum, bit) => sum + bit, 0);
  t.strictSame(errors('perfect'), { eta0: 0, eta1: 0 });
  t.strictSame(errors('inverted'), { eta0: ones, eta1: truth.length - ones });
  t.strictSame(errors('flip:1'), errors('inverted'));
  t.ok(errors('random').eta0 > ones / 3 && errors('random').eta0 < ones / 1.5);
  t.strictSame(errors('random'), errors('random'));
});

t.test('a length of bursts may be left out; what is wrong with a source is said in one line', async (t) => {
  t.equal(formatPredictions(parsePredictions('bursts:0.1')), 'bursts:0.1:100');
  t.throws(() => parsePredictions('bursts:0.1:0'), /“bursts:0.1:0”: a burst has a mean length of 1 or more/);
  t.throws(() => parsePredictions('adversarial:7'), /between 0 and 1, for example adversarial:0.1/);
  t.throws(() => parsePredictions('nonsense:1'), /unknown predictions.*flip-requests:P, bursts:P:LENGTH/);
});

t.test('whole requests flip together', async (t) => {
  const truth = labels.of(lazyMark0);
  const { predictions: bits } = makeBits(parsePredictions('flip-requests:0.25'), truth, material);
  let flipped = 0;
  for (let request = 0; request < 2000; request++) {
    const wrong = [...bits.subarray(10 * request, 10 * request + 10)].filter(
      (bit, i) => bit !== truth[10 * request + i],
    );
    t.ok(wrong.length === 0 || wrong.length === 10, `request ${request}`);
    if (wrong.length > 0) flipped++;
  }
  t.ok(Math.abs(flipped / 2000 - 0.25) < 0.05, `${flipped} of 2000 requests`);
});

t.test('bursts have the share and the mean length that they are given', async (t) => {
  const zeros = new Uint8Array(400_000);
  const bursts = (probability: number, length: number) =>
    makeBits({ kind: 'bursts', probability, length }, zeros, material).predictions;
  for (const [p, length] of [
    [0.1, 20],
    [0.5, 100],
    [0.3, 1],
  ]) {
    const bits = bursts(p, length);
    const share = bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
    const begun = bits.filter((bit, i) => bit === 1 && bits[i - 1] !== 1).length;
    const mean = (share * bits.length) / begun;
    t.ok(
      Math.abs(share / p - 1) < 0.1 && Math.abs(mean / length - 1) < 0.1,
      `${p}, ${length}: ${share}, ${mean}`,
    );
  }
  t.ok(bursts(1, 5).every((bit) => bit === 1));
  t.ok(bursts(0, 5).every((bit) => bit === 0));
  const long = bursts(0.9, 1);
  const share = long.reduce((sum, bit) => sum + bit, 0) / long.length;
  t.ok(Math.abs(share - 0.9) < 0.01, `a share that short bursts cannot reach makes them longer: ${share}`);
});

t.test('adversarial flips keep to their number and cost far more than as many random ones', async (t) => {
  for (const name of ['lazy-mark0', 'discard(lru)', 'mark-and-predict']) {
    const policy = findPolicy(name);
    const truth = labels.of(policy);
    const faults = (predictions: Uint8Array) =>
      simulate({ sequence, policy, capacity: 20, predictions, seed: 8 });
    const source = parsePredictions('adversarial:0.05');
    const { predictions: worst } = makeBits(source, truth, { ...material, faults });
    const { eta0, eta1 } = predictionError(worst, truth);
    t.ok(eta0 + eta1 <= 0.05 * truth.length, `${name}: ${eta0 + eta1} flips`);
    const [before, random, bad] = [truth, flipBits(truth, 0.05, new SeededRandom(7)), worst].map(faults);
    t.ok(bad - before > 1.5 * (random - before), `${name}: ${before} faults, random ${random}, worst ${bad}`);
  }
});

t.test(
  'cache states: true ones give f-and-r the optimum, others are those of the cache that follows arrivals',
  async (t) => {
    const short = { pages: sequence.pages.slice(0, 3000), pageCount: sequence.pageCount };
    const next = nextRequests(short);
    const faults = (source: string) => {
      const predictions = makeStates(parsePredictions(source), short, 20, next, 7);
      return simulate({ sequence: short, policy: findPolicy('f-and-r'), capacity: 20, predictions, seed: 1 });
    };
    const optimum = optimalFaults(short, 20);
    t.equal(faults('perfect'), optimum);
    t.equal(faults('noise:0'), optimum);
    for (const source of ['inverted', 'random', 'popularity', 'pleco'])
      t.ok(faults(source) > optimum, source);
  },
);

t.test('a model cannot give phase bits, and the refusal says so before anything runs', async (t) => {
  const policies = [findPolicy('lru'), findPolicy('mark-and-predict')];
  t.throws(
    () => checkPredictions({ kind: 'train' }, policies),
    /mark-and-predict needs phase bits.*--predictions perfect/,
  );
  t.doesNotThrow(() => checkPredictions({ kind: 'perfect' }, policies));
});

t.test('a source that gives another kind of predictions is refused, with one that fits', async (t) => {
  const refuse = (source: string, policy: string, remedy: RegExp) =>
    t.throws(() => checkPredictions(parsePredictions(source), [findPolicy(policy)]), { message: remedy });
  refuse('flip:0.1', 'predictive-marker', /predictive-marker needs next arrivals.*“flip:0.1”.*noise:SIGMA/);
  refuse('train', 'l-marker', /l-marker needs next arrivals.*perfect, noise:SIGMA/);
  refuse('noise:5', 'lazy-mark0', /lazy-mark0 needs discard bits.*perfect, flip:P/);
  refuse('pleco', 'mark-and-predict', /mark-and-predict needs phase bits.*perfect or flip:P/);
  for (const source of ['perfect', 'inverted', 'random', 'noise:5', 'popularity', 'pleco']) {
    t.doesNotThrow(() =>
      checkPredictions(parsePredictions(source), [findPolicy('lru'), findPolicy('l-marker')]),
    );
  }
});

t.test(
  'next arrivals: true ones give the optimum, inverted ones are the worst, the others lie between',
  async (t) => {
    const short = { pages: sequence.pages.slice(0, 3000), pageCount: sequence.pageCount };
    const next = nextRequests(short);
    const faults = (source: string) => {
      const predictions = makeArrivals(parsePredictions(source), short, next, 7);
      const policy = findPolicy('follow-the-prediction');
      return simulate({ sequence: short, policy, capacity: 20, predictions, seed: 1 });
    };
    const [best, worst] = [faults('perfect'), faults('inverted')];
    t.equal(best, optimalFaults(short, 20));
    t.equal(faults('noise:0'), best);
    for (const source of ['noise:5', 'random', 'popularity', 'pleco']) {
      t.ok(best < faults(source) && faults(source) < worst, source);
    }
  },
);

t.test('Zipf requests have the frequencies of their ranks and the same seed repeats them', async (t) => {
  t.strictSame(zipfSequence(20_000, 300, 1, 4), sequence);
  const counts = new Float64Array(sequence.pageCount);
  for (const page of sequence.pages) counts[page]++;
  counts.sort().reverse();
  const harmonic = Array.from({ length: 300 }, (_, rank) => 1 / (rank + 1)).reduce((a, b) => a + b);
  for (const rank of [0, 1, 4]) {
    const expected = 20_000 / (rank + 1) / harmonic;
    t.ok(
      Math.abs(counts[rank] - expected) < 6 * Math.sqrt(expected),
      `rank ${rank}: ${counts[rank]}, ${expected}`,
    );
  }
  t.strictSame(
    requestSequence(sequence.pages).pages,
    sequence.pages,
    'numbered in the order of first request',
  );
});
