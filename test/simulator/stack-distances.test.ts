import fc from 'fast-check';
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { type RequestSequence, requestSequence } from '../../src/paging/request-sequence.ts';
import { findPolicy } from '../../src/policies/find-policy.ts';
import { curves } from '../../src/simulator/curve.ts';
import { lruStackDistances } from '../../src/simulator/lru-stack-distances.ts';
import { optStackDistances } from '../../src/simulator/opt-stack-distances.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { zipfSequence } from '../../src/traces/zipf.ts';
import { hold, instances } from '../arbitraries.ts';
import { missing, sharedTrace } from '../traces/shared-traces.ts';
import { naiveOptStackDistances } from './naive-opt-stack.ts';

const lru = findPolicy('lru');

/** Where the curves and direct simulation disagree. */
function differences(sequence: RequestSequence, capacities: readonly number[]): string[] {
  const found = curves(sequence);
  return capacities.flatMap((capacity) => {
    const last = Math.min(capacity, sequence.pageCount);
    const direct = [
      simulate({ sequence, policy: lru, capacity, seed: 1 }),
      optimalFaults(sequence, capacity),
    ];
    const computed = [found.lru[last], found.opt[last]];
    return String(direct) === String(computed)
      ? []
      : [`${capacity}: ${direct} directly, ${computed} by curves`];
  });
}

/** Every sequence of a length, up to the names of its pages. */
function* sequencesOf(length: number, start: number[] = [], distinct = 0): Generator<number[]> {
  if (start.length === length) yield start;
  else
    for (let page = 0; page <= distinct; page++)
      yield* sequencesOf(length, [...start, page], Math.max(distinct, page + 1));
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

t.test('on every short sequence both curves are what direct simulation counts', async (t) => {
  let sequences = 0;
  for (const length of range(1, 8)) {
    for (const pages of sequencesOf(length)) {
      sequences++;
      const wrong = differences(requestSequence(pages), range(1, length + 1));
      if (wrong.length > 0) t.fail(`${pages}: ${wrong}`);
    }
  }
  // The Bell numbers: 1 + 2 + 5 + 15 + 52 + 203 + 877 + 4140.
  t.equal(sequences, 5295);
});

t.test("on every sequence of nine requests OPT's distances are those of Mattson's stack", async (t) => {
  let sequences = 0;
  for (const pages of sequencesOf(9)) {
    const sequence = requestSequence(pages);
    sequences++;
    if (String(optStackDistances(sequence)) !== String(naiveOptStackDistances(sequence))) t.fail(`${pages}`);
  }
  t.equal(sequences, 21_147);
});

t.test('on random sequences both curves are what direct simulation counts at every capacity', async () => {
  hold(
    fc.property(instances({ length: 400, capacity: 10, extra: 40 }), ({ sequence }) => {
      return differences(sequence, range(1, sequence.pageCount + 1)).length === 0;
    }),
    150,
  );
});

t.test("on random sequences OPT's distances are those of Mattson's stack", async () => {
  hold(
    fc.property(instances({ length: 3000, capacity: 1, extra: 300 }), ({ sequence }) => {
      return String(optStackDistances(sequence)) === String(naiveOptStackDistances(sequence));
    }),
    100,
  );
});

t.test('nothing changes where pages of the universe are never requested, or nothing is', async (t) => {
  const { pages } = requestSequence([3, 1, 2, 3, 1, 1, 2, 4, 3]);
  const [few, many] = [curves({ pages, pageCount: 4 }), curves({ pages, pageCount: 9 })];
  t.strictSame(many.lru.subarray(0, 5), few.lru);
  t.strictSame(many.opt.subarray(0, 5), few.opt);
  t.strictSame(many.opt.subarray(4), new Uint32Array(6).fill(4));
  t.strictSame(lruStackDistances({ pages: new Uint32Array(0), pageCount: 2 }), new Uint32Array(3));
  t.strictSame(optStackDistances({ pages: new Uint32Array(0), pageCount: 0 }), new Uint32Array(1));
  t.strictSame(optStackDistances({ pages: new Uint32Array(5), pageCount: 1 }), Uint32Array.of(0, 4));
});

t.test(
  'on a cycle LRU hits nothing before the whole cycle fits, and OPT one page more for each slot',
  async (t) => {
    const sequence = requestSequence(range(0, 9999).map((i) => i % 100));
    const found = curves(sequence);
    t.ok(found.lru.subarray(0, 100).every((faults) => faults === 10_000));
    t.equal(found.lru[100], 100);
    t.strictSame(differences(sequence, [2, 50, 99, 100]), []);
  },
);

t.test('on Zipf requests both curves are what direct simulation counts', async (t) => {
  const sequence = zipfSequence(300_000, 30_000, 1, 5);
  t.strictSame(differences(sequence, [1, 2, 3, 10, 37, 100, 1000, 5000, 10_000, 22_000]), []);
});

const CONVERSATION = 'mooncake_conversation.jsonl.gz';
t.test('known counts on the Mooncake conversation trace', missing(CONVERSATION), async (t) => {
  const sequence = readTrace(sharedTrace(CONVERSATION)).blocks;
  const { lru, opt } = curves(sequence);
  t.strictSame([lru[1000], lru[10_000], opt[1000], opt[10_000]], [275_669, 227_579, 233_506, 182_790]);
  t.strictSame(differences(sequence, [1, 10, 100, 1000, 2000, 5000, 10_000, 50_000]), []);
});
