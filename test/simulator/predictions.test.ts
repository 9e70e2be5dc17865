import t from 'tap';
import { nextRequests } from '../../src/paging/belady.ts';
import { discardLabels, phaseLabels } from '../../src/paging/labels.ts';
import { predictionError } from '../../src/paging/prediction-error.ts';
import { requestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { flipBits, randomBits } from '../../src/predictors/noise.ts';
import {
  checkPredictions,
  formatPredictions,
  Labels,
  makeBits,
  parsePredictions,
} from '../../src/simulator/predictions.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';

const sequence = zipfSequence(20_000, 300, 1, 4);
const labels = new Labels(sequence, 20, nextRequests(sequence));
const lazyMark0 = findPolicy('lazy-mark0');

t.test('a source of predictions reads back as it is written', async (t) => {
  for (const text of ['perfect', 'inverted', 'random', 'train', 'flip:0.25', 'model:a:b.onebit']) {
    t.equal(formatPredictions(parsePredictions(text)), text);
  }
  for (const text of ['', 'flip', 'flip:', 'flip:-1', 'flip:x', 'model:', 'Perfect']) {
    t.throws(() => parsePredictions(text), { name: 'Failure' }, text);
  }
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
    predictionError(makeBits(parsePredictions(source), lazyMark0, truth, undefined, 7), truth);
  const ones = truth.reduce((sum, bit) => sum + bit, 0);
  t.strictSame(errors('perfect'), { eta0: 0, eta1: 0 });
  t.strictSame(errors('inverted'), { eta0: ones, eta1: truth.length - ones });
  t.strictSame(errors('flip:1'), errors('inverted'));
  t.ok(errors('random').eta0 > ones / 3 && errors('random').eta0 < ones / 1.5);
  t.strictSame(errors('random'), errors('random'));
});

t.test('a model cannot give phase bits, and the refusal says so before anything runs', async (t) => {
  const policies = [findPolicy('lru'), findPolicy('mark-and-predict')];
  t.throws(
    () => checkPredictions({ kind: 'train' }, policies),
    /mark-and-predict needs phase bits.*--predictions perfect/,
  );
  t.doesNotThrow(() => checkPredictions({ kind: 'perfect' }, policies));
});

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
