/** The policies with predicted cache states: against naive versions, coin by coin; consistency; how rarely F&R asks. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { perfectStates } from '../../src/paging/cache-states.ts';
import { prefix } from '../../src/paging/request-sequence.ts';
import { FollowerAndRobust } from '../../src/policies/augmented/f-and-r.ts';
import { TrustAndDoubt } from '../../src/policies/augmented/trust-and-doubt.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { expectation } from '../../src/verify/coin-tree.ts';
import { expectedFaults } from '../../src/verify/expected-faults.ts';
import { requestSequences } from '../../src/verify/instances.ts';
import { hold, type Instance, instances, seeds } from '../arbitraries.ts';
import {
  follow,
  followerAndRobustCaches,
  randomStates,
  type Task,
  trustAndDoubtCaches,
} from './naive-cache-state.ts';

type WithStates = Omit<Task, 'random'>;

/** True, random, and partly true states. */
function statesOf({ sequence, capacity }: Instance, seed: number): Float64Array[] {
  const truth = perfectStates(sequence, capacity);
  const noise = randomStates({ sequence }, new SeededRandom(seed));
  return [truth, noise, truth.map((page, step) => (step % 4 === 0 ? noise[step] : page))];
}

const optima = ({ sequence, capacity }: WithStates): number[] =>
  Array.from({ length: sequence.pages.length + 1 }, (_, length) =>
    optimalFaults(prefix(sequence, length), capacity),
  );

t.test('trust-and-doubt is its naive version, coin by coin', async () => {
  hold(
    fc.property(instances({ length: 120, capacity: 9, extra: 8 }), seeds, (instance, seed) => {
      for (const states of statesOf(instance, seed)) {
        const task = { ...instance, states, random: new SeededRandom(seed) };
        const { capacity, sequence } = instance;
        const policy = new TrustAndDoubt(capacity, sequence.pageCount, new SeededRandom(seed));
        const faults = new Cache(capacity, sequence.pageCount, policy).serve(sequence, states);
        assert.equal(faults, follow(task, trustAndDoubtCaches(task)));
      }
    }),
    600,
  );
});

t.test('f-and-r has the expected faults of its naive version', async () => {
  hold(
    fc.property(instances({ length: 26, capacity: 5, extra: 3 }), seeds, (instance, seed) => {
      const { capacity, sequence } = instance;
      for (const states of statesOf(instance, seed)) {
        const task = { capacity, sequence, states };
        const optimum = optima(task);
        const expected = expectation((random) => {
          const naive = { ...task, random };
          return follow(naive, followerAndRobustCaches(naive, optimum));
        });
        const found = expectedFaults(findPolicy('f-and-r'), capacity, sequence, states);
        const facts = `k = ${capacity}, ${sequence.pages.join(' ')}, ${states.join(' ')}`;
        assert(Math.abs(found - expected) < 1e-9, `${found}, naive ${expected}: ${facts}`);
      }
    }),
    400,
  );
});

t.test('f-and-r on the states of belady has the faults of belady, whatever the coins', async () => {
  for (const sequence of requestSequences(4, 7)) {
    for (let k = 1; k <= 3; k++) {
      const expected = expectedFaults(findPolicy('f-and-r'), k, sequence, perfectStates(sequence, k));
      assert.equal(expected, optimalFaults(sequence, k), `k = ${k}, ${sequence.pages.join(' ')}`);
    }
  }
  hold(
    fc.property(instances({ length: 80, capacity: 6, extra: 5 }), seeds, ({ sequence, capacity }, seed) => {
      const { pageCount } = sequence;
      const policy = new FollowerAndRobust(capacity, pageCount, new SeededRandom(seed));
      const cache = new Cache(capacity, pageCount, policy);
      assert.equal(
        cache.serve(sequence, perfectStates(sequence, capacity)),
        optimalFaults(sequence, capacity),
      );
      assert.equal(policy.questions, cache.faults, 'it asks once a fault');
    }),
  );
});

t.test('f-and-r asks at fewer requests than there are faults where the states are wrong', async (t) => {
  const sequence = zipfSequence(20_000, 400, 0.7, 5);
  const policy = new FollowerAndRobust(100, 400, new SeededRandom(1));
  const cache = new Cache(100, 400, policy);
  cache.serve(sequence, randomStates({ sequence }, new SeededRandom(2)));
  t.ok(policy.questions < 0.9 * cache.faults, `${policy.questions} questions, ${cache.faults} faults`);
});

t.test(
  'trust-and-doubt stays near marker on states that know nothing, and is better on true ones',
  async (t) => {
    const sequence = zipfSequence(20_000, 400, 0.7, 5);
    const random = new SeededRandom(1);
    const faults = (states: Float64Array) =>
      new Cache(100, 400, new TrustAndDoubt(100, 400, random)).serve(sequence, states);
    const run = findPolicy('marker').create({ capacity: 100, pageCount: 400, random, sequence });
    const marker = new Cache(100, 400, run).serve(sequence);
    const [wrong, right] = [randomStates({ sequence }, random), perfectStates(sequence, 100)].map(faults);
    t.ok(wrong < 1.05 * marker && right < 0.9 * marker, `marker ${marker}, wrong ${wrong}, right ${right}`);
  },
);
