import assert from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { traceChecksum } from '../../src/traces/checksum.ts';
import { CONVERSATION_REFERENCE } from '../../src/traces/reference.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS, type SessionParameters } from '../../src/traces/session-parameters.ts';
import { traceStatistics } from '../../src/traces/statistics.ts';
import { hold, seeds } from '../arbitraries.ts';

/** Hit ratios of LRU and of Belady's rule on the Mooncake conversation trace. */
const HIT_RATIOS = [
  { capacity: 1000, lru: 0.044, belady: 0.191 },
  { capacity: 5000, lru: 0.11, belady: 0.341 },
  { capacity: 10_000, lru: 0.211, belady: 0.366 },
];

const SMALL: SessionParameters = { ...DEFAULT_SESSIONS, requests: 60, warmUpSeconds: 20 };

/** Asserts that a figure of the generated trace is within a share of the reference. */
function near(t: Test, what: string, actual: number, reference: number, share: number): void {
  t.ok(Math.abs(actual - reference) <= share * reference, `${what}: ${actual}, reference ${reference}`);
}

/** Asserts that a figure of the generated trace differs by at most `distance` from the reference. */
function within(t: Test, what: string, actual: number, reference: number, distance: number): void {
  t.ok(Math.abs(actual - reference) <= distance, `${what}: ${actual}, reference ${reference}`);
}

function likeTheReference(t: Test, trace: ServingTrace, slack: number): void {
  const reference = CONVERSATION_REFERENCE;
  const actual = traceStatistics(trace);
  t.equal(actual.requests, reference.requests);
  near(t, 'accesses', actual.blockAccesses, reference.blockAccesses, 0.07 * slack);
  near(t, 'distinct blocks', actual.distinctBlocks, reference.distinctBlocks, 0.07 * slack);
  within(t, 'accessed once', actual.accessedOnce, reference.accessedOnce, 0.015 * slack);
  within(t, 'infinite cache', actual.infiniteCacheHitRatio, reference.infiniteCacheHitRatio, 0.015 * slack);
  within(t, 'continuing', actual.continuing, reference.continuing, 0.02 * slack);
  near(t, 'answers', actual.outputTokens, reference.outputTokens, 0.05 * slack);
  for (const quantile of ['p25', 'p50', 'p75', 'p95'] as const) {
    near(
      t,
      `turn gap, ${quantile}`,
      actual.turnGapSeconds[quantile],
      reference.turnGapSeconds[quantile],
      0.2 * slack,
    );
    near(
      t,
      `reuse in s, ${quantile}`,
      actual.reuseGapSeconds[quantile],
      reference.reuseGapSeconds[quantile],
      0.3 * slack,
    );
    near(
      t,
      `reuse, ${quantile}`,
      actual.reuseGapAccesses[quantile],
      reference.reuseGapAccesses[quantile],
      0.25 * slack,
    );
    near(
      t,
      `path, ${quantile}`,
      actual.blocksPerRequest[quantile],
      reference.blocksPerRequest[quantile],
      0.25 * slack,
    );
  }
  for (const { capacity, lru, belady } of HIT_RATIOS) {
    const accesses = actual.blockAccesses;
    const cache = new Cache(capacity, trace.blocks.pageCount, new Lru(capacity));
    within(t, `lru at ${capacity}`, 1 - cache.serve(trace.blocks) / accesses, lru, 0.01 * slack);
    within(
      t,
      `belady at ${capacity}`,
      1 - optimalFaults(trace.blocks, capacity) / accesses,
      belady,
      0.01 * slack,
    );
  }
}

t.test('the generated trace is close to the Mooncake conversation trace', async (t) => {
  likeTheReference(t, generateSessions(DEFAULT_SESSIONS, 1), 1);
});

t.test('so are, within twice the tolerances, the traces of other seeds', async (t) => {
  for (const seed of [2, 11, 12]) likeTheReference(t, generateSessions(DEFAULT_SESSIONS, seed), 2);
});

t.test('the generated trace is the same one forever', async (t) => {
  const trace = generateSessions(DEFAULT_SESSIONS, 1);
  t.equal(trace.name, 'generated');
  t.equal(traceChecksum(trace), '5e2834c615288fc4');
});

t.test('the same seed gives the same trace, another seed another', async () => {
  hold(
    fc.property(seeds, (seed) => {
      const trace = generateSessions(SMALL, seed);
      assert.deepEqual(generateSessions(SMALL, seed), trace);
      assert.notDeepEqual(generateSessions(SMALL, seed + 1).blocks.pages, trace.blocks.pages);
    }),
    100,
  );
});

t.test(
  'pages are numbered in order of appearance, times are whole milliseconds from 0 and lengths fit the path',
  async () => {
    hold(
      fc.property(seeds, (seed) => {
        const { blocks, firstBlock, time, inputTokens, outputTokens } = generateSessions(SMALL, seed);
        let seen = 0;
        for (const page of blocks.pages) {
          assert.ok(page <= seen);
          if (page === seen) seen++;
        }
        assert.equal(seen, blocks.pageCount);
        assert.equal(time.length, SMALL.requests);
        assert.equal(firstBlock[SMALL.requests], blocks.pages.length);
        assert.equal(time[0], 0);
        for (let r = 0; r < SMALL.requests; r++) {
          assert.ok(r === 0 || time[r] >= time[r - 1]);
          assert.equal(Math.round(time[r] * 1000) / 1000, time[r]);
          assert.equal(blocks.pages[firstBlock[r]], 0, 'every path starts with the common system block');
          assert.equal(firstBlock[r + 1] - firstBlock[r], Math.ceil(inputTokens[r] / 512));
          assert.ok(inputTokens[r] <= SMALL.longestPrompt && outputTokens[r] > 0);
        }
      }),
      200,
    );
  },
);

/** Share of the requests with a property that are continued, those of the last ten minutes left out. */
function continued(trace: ServingTrace, has: (request: number) => boolean): number {
  const children = new Uint8Array(trace.time.length);
  for (const parent of trace.parent) if (parent >= 0) children[parent] = 1;
  const end = trace.time[trace.time.length - 1] - 600;
  let requests = 0;
  let hits = 0;
  for (let r = 0; trace.time[r] < end; r++) {
    if (!has(r)) continue;
    requests++;
    hits += children[r];
  }
  return hits / requests;
}

t.test('what is visible with a request tells whether it will be continued', async (t) => {
  const trace = generateSessions(DEFAULT_SESSIONS, 1);
  const blocks = (r: number) => trace.firstBlock[r + 1] - trace.firstBlock[r];
  const gap = (r: number) => trace.time[r] - trace.time[trace.parent[r]];
  const opens = (r: number) => trace.parent[r] < 0;
  const errand = continued(trace, (r) => opens(r) && blocks(r) <= 2);
  const short = continued(trace, (r) => opens(r) && blocks(r) > 2 && blocks(r) < 12);
  const long = continued(trace, (r) => opens(r) && blocks(r) >= 12);
  const later = continued(trace, (r) => !opens(r));
  const fast = continued(trace, (r) => !opens(r) && gap(r) < 45);
  t.ok(errand < long / 2, `errands ${errand}`);
  t.ok(long < short, `long openings ${long}, short ones ${short}`);
  t.ok(short < later, `later turns ${later}`);
  t.ok(later < fast, `fast turns ${fast}`);
});

t.test('parameters that make no sense are refused', async (t) => {
  for (const requests of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => generateSessions({ ...SMALL, requests }, 1), {
      name: 'Failure',
      message: /^requests: .*; say/,
    });
  }
  t.throws(() => generateSessions(SMALL, 0.5), { name: 'Failure', message: /^seed: .*; give/ });
  const [kind] = SMALL.kinds;
  t.throws(() => generateSessions({ ...SMALL, sessionsPerSecond: 0 }, 1), /open in time/);
  t.throws(() => generateSessions({ ...SMALL, kinds: [] }, 1), /needs a kind/);
  t.throws(() => generateSessions({ ...SMALL, kinds: [{ ...kind, returns: 1 }] }, 1), /must end/);
});
