import t from 'tap';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { type Comparison, compare } from '../../src/simulator/compare.ts';
import { parsePredictions } from '../../src/simulator/predictions.ts';
import { sweep } from '../../src/simulator/sweep.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 300 }, 1);
/** Blocks whose bits turn, as two models might say: one requested some time before. */
const late = [1, 2].map((seed) => trace.blocks.pages.map((_, i, pages) => pages[Math.max(0, i - 40 * seed)]));

const COMPARISON: Comparison = {
  trace,
  policies: ['clock', 'random', 'discard(lru)', 'mark0'].map(findPolicy),
  capacities: [50, 200],
  predictions: ['perfect', 'flip-requests:0.1'].map(parsePredictions),
  seeds: [1, 2],
  evaluatedFrom: 100,
};
const ARRIVALS: Comparison = {
  ...COMPARISON,
  policies: ['follow-the-prediction', 'l-marker'].map(findPolicy),
  predictions: ['noise:2', 'pleco'].map(parsePredictions),
};
const LEARNED: Comparison = {
  ...COMPARISON,
  policies: ['discard(lru)'].map(findPolicy),
  predictions: [parsePredictions('train')],
  learned: (_capacity, seed) => late[seed - 1],
};

async function swept(comparison: Comparison, workers: number) {
  const records = [];
  for await (const record of sweep(comparison, { workers })) records.push(record);
  return records;
}

t.test('a sweep gives what a comparison gives, in the same order, with one worker or three', async (t) => {
  for (const comparison of [COMPARISON, ARRIVALS, LEARNED]) {
    const expected = [...compare(comparison)];
    t.strictSame(await swept(comparison, 1), expected);
    t.strictSame(await swept(comparison, 3), expected);
  }
});

t.test('only what draws on the seed is run with every seed', async (t) => {
  const policies = ['clock', 'random', 'discard(lru)'].map(findPolicy);
  const cells = [...compare({ ...COMPARISON, policies, capacities: [50] })].map(
    ({ policy, predictions, seed }) => `${policy} ${predictions} ${seed}`,
  );
  t.strictSame(cells, [
    'lru none 1',
    'belady none 1',
    'clock none 1',
    'random none 1',
    'random none 2',
    'discard(lru) perfect 1',
    'discard(lru) flip-requests:0.1 1',
    'discard(lru) flip-requests:0.1 2',
  ]);
});

t.test('a cell that fails says why, and the others run', async (t) => {
  const records = await swept(
    { ...COMPARISON, policies: [findPolicy('clock'), { ...findPolicy('fifo'), name: 'fofi' }] },
    2,
  );
  const failures = records.map((record) => ('failure' in record ? record.failure : record.faults > 0));
  const unknown = 'unknown policy “fofi”; did you mean fifo?';
  t.strictSame(failures, [true, true, true, unknown, true, true, true, unknown]);
});

t.test('progress counts the finished cells of all', async (t) => {
  const steps: string[] = [];
  const policies = [findPolicy('clock')];
  const options = {
    workers: 2,
    onFinished: (finished: number, all: number) => steps.push(`${finished}/${all}`),
  };
  for await (const _ of sweep({ ...COMPARISON, policies }, options));
  t.strictSame(steps, ['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
});
