import { existsSync } from 'node:fs';
import t from 'tap';
import { nextRequests } from '../../src/paging/belady.ts';
import { discardLabels } from '../../src/paging/labels.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { lateDiscards } from '../../src/predictors/shadow-cache.ts';
import { compare } from '../../src/simulator/compare.ts';
import type { ResultRecord } from '../../src/simulator/result.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { SeededRandom } from '../../src/support/random.ts';
import { readTrace } from '../../src/traces/read-trace.ts';

const PATH = '../shared/traces/mooncake_conversation.jsonl.gz';
const skip = existsSync(PATH) ? false : `${PATH} is missing`;

const records = (
  names: string[],
  capacities: number[],
  kinds: ('perfect' | 'inverted')[],
): ResultRecord[] => [
  ...compare({
    trace: readTrace(PATH),
    policies: names.map(findPolicy),
    capacities,
    predictions: kinds.map((kind) => ({ kind })),
    seeds: [1],
    evaluatedFrom: 0,
  }),
];

t.test('golden counts on the Mooncake conversation trace', { skip }, async (t) => {
  const found = records(['clock'], [1000, 10_000], []).map(({ policy, capacity, faults }) => [
    policy,
    capacity,
    faults,
  ]);
  t.strictSame(found, [
    ['lru', 1000, 275_669],
    ['belady', 1000, 233_506],
    ['clock', 1000, 275_616],
    ['lru', 10_000, 227_579],
    ['belady', 10_000, 182_790],
    ['clock', 10_000, 226_670],
  ]);
});

t.test('with perfect bits every discard-bit policy equals Belady at every capacity', { skip }, async (t) => {
  const policies = ['flush-when-all-0s', 'mark0', 'lazy-flush-when-all-0s', 'lazy-mark0', 'discard(lru)'];
  for (const record of records(policies, [10, 100, 1000, 2000, 5000, 10_000, 50_000], ['perfect'])) {
    if (record.predictions !== 'perfect') continue;
    t.equal(record.faults, record.optFaults, `${record.policy} at ${record.capacity}`);
    t.equal(record.eta0 === 0 && record.eta1 === 0, true);
  }
});

t.test('with inverted bits a switch stays within 3% of the hit ratio of LRU', { skip }, async (t) => {
  const policies = ['switch(lazy-mark0,lru)', 'switch(discard(lru),lru)', 'lazy-mark0'];
  const all = records(policies, [1000, 5000, 10_000], ['inverted']);
  for (const record of all) {
    const lru = all.find(
      ({ policy, capacity }) => policy === 'lru' && capacity === record.capacity,
    ) as ResultRecord;
    const name = `${record.policy} at ${record.capacity}: ${record.hitRatio}, LRU ${lru.hitRatio}`;
    if (record.policy.startsWith('switch')) t.ok(record.hitRatio >= 0.97 * lru.hitRatio, name);
    if (record.policy === 'lazy-mark0')
      t.ok(record.hitRatio < 0.1 * lru.hitRatio, `${name}: alone it collapses`);
  }
});

t.test('when good bits turn bad half-way, a switch tracks the better side', { skip }, async (t) => {
  const { blocks } = readTrace(PATH);
  const truth = discardLabels(blocks, 5000);
  const predictions = truth.map((bit, i) => (i < truth.length / 2 ? bit : 1 - bit));
  const run = (name: string) =>
    simulate({ sequence: blocks, policy: findPolicy(name), capacity: 5000, predictions, seed: 1 });
  const hitRatio = (name: string) => 1 - run(name) / blocks.pages.length;
  t.ok(hitRatio('discard(lru)') < 0.17, `alone: ${hitRatio('discard(lru)')}`);
  t.ok(hitRatio('switch(discard(lru),lru)') >= 0.215, `switch: ${hitRatio('switch(discard(lru),lru)')}`);
});

t.test('with bits that turn at the wrong time a switch stays within 3% of LRU', { skip }, async (t) => {
  const { blocks } = readTrace(PATH);
  const requests = blocks.pages.length;
  const next = nextRequests(blocks);
  const random = new SeededRandom(1);
  const steps = Float64Array.from(next, (_, i) => i);
  const good = Float32Array.from(next, (step, i) => (step === requests ? 0 : 1 / (step - i)));
  const kinds = {
    random: good.map(() => random.uniform()),
    inverted: good.map((value) => -value),
    stale: good.map((_, i) => good[Math.max(0, i - 9000)]),
  };
  for (const capacity of [1000, 5000, 10_000]) {
    const hitRatio = (name: string, values?: Float32Array) => {
      const late = values && lateDiscards(blocks, steps, values, [0, requests], capacity);
      const given = late && { predictions: new Uint8Array(requests), late };
      return (
        1 - simulate({ sequence: blocks, policy: findPolicy(name), capacity, seed: 1, ...given }) / requests
      );
    };
    const lru = hitRatio('lru');
    for (const [kind, values] of Object.entries(kinds)) {
      const found = hitRatio('switch(discard(lru),lru)', values);
      t.ok(found >= 0.97 * lru, `${kind} at ${capacity}: ${found}, LRU ${lru}`);
    }
    t.ok(hitRatio('discard(lru)', kinds.stale) < 0.5 * lru, `at ${capacity} alone, stale bits collapse`);
    t.ok(hitRatio('switch(discard(lru),lru)', good) > 1.5 * lru, `at ${capacity} good bits are followed`);
  }
});
