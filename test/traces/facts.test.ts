/** Published facts of the Mooncake traces, recomputed from the files. */
import t from 'tap';
import { optimalFaults } from '../../src/paging/belady.ts';
import { Cache } from '../../src/paging/cache.ts';
import { Lru } from '../../src/policies/classical/lru.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { CONVERSATION_REFERENCE } from '../../src/traces/reference.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { traceStatistics } from '../../src/traces/statistics.ts';
import { missing, sharedTrace } from './shared-traces.ts';

const FACTS = [
  {
    file: 'mooncake_conversation.jsonl.gz',
    requests: 12_031,
    blockAccesses: 288_500,
    distinctBlocks: 182_790,
    infiniteCacheHitRatio: 0.3664,
    accessedOnce: 0.76,
    continuing: 3951,
    lru: { 1000: 275_669, 10000: 227_579 },
    belady: { 1000: 233_506, 10000: 182_790 },
  },
  {
    file: 'mooncake_synthetic.jsonl.gz',
    requests: 3993,
    blockAccesses: 121_877,
    distinctBlocks: 43_924,
    infiniteCacheHitRatio: 0.6396,
    accessedOnce: 0.58,
    continuing: 899,
    lru: { 1000: 111_827, 10000: 70_263 },
    belady: { 1000: 88_164, 10000: 46_562 },
  },
] as const;

function lruFaults({ blocks }: ServingTrace, capacity: number): number {
  return new Cache(capacity, blocks.pageCount, new Lru(capacity)).serve(blocks);
}

for (const facts of FACTS) {
  t.test(
    `${facts.file} has the counts, the faults of lru and the faults of belady that are published`,
    missing(facts.file),
    async (t) => {
      const trace = readTrace(sharedTrace(facts.file));
      const statistics = traceStatistics(trace);
      t.equal(statistics.requests, facts.requests);
      t.equal(statistics.blockAccesses, facts.blockAccesses);
      t.equal(statistics.distinctBlocks, facts.distinctBlocks);
      t.equal(trace.blocks.pageCount, facts.distinctBlocks);
      t.equal(Number(statistics.infiniteCacheHitRatio.toFixed(4)), facts.infiniteCacheHitRatio);
      t.equal(Number(statistics.accessedOnce.toFixed(2)), facts.accessedOnce);
      t.equal(trace.parent.filter((parent) => parent >= 0).length, facts.continuing);
      for (const capacity of [1000, 10_000] as const) {
        t.equal(lruFaults(trace, capacity), facts.lru[capacity]);
        t.equal(optimalFaults(trace.blocks, capacity), facts.belady[capacity]);
      }
    },
  );
}

t.test(
  'the reference beside which other traces are shown is what the conversation trace says',
  missing(FACTS[0].file),
  async (t) => {
    // The constants are rounded.
    const digits = (_: string, value: unknown) =>
      typeof value !== 'number' ? value : Number(value < 1 ? value.toFixed(3) : value.toPrecision(3));
    const actual = traceStatistics(readTrace(sharedTrace(FACTS[0].file)));
    t.strictSame(
      JSON.parse(JSON.stringify(CONVERSATION_REFERENCE, digits)),
      JSON.parse(JSON.stringify(actual, digits)),
    );
  },
);
