import t from 'tap';
import { describeStatistics } from '../../src/traces/describe-statistics.ts';
import { readMooncake } from '../../src/traces/mooncake-jsonl.ts';
import { traceStatistics } from '../../src/traces/statistics.ts';

const TRACE = readMooncake(
  Buffer.from(
    [
      { timestamp: 0, input_length: 1000, output_length: 10, hash_ids: [0, 1] },
      { timestamp: 1000, input_length: 600, output_length: 20, hash_ids: [0, 2] },
      { timestamp: 4000, input_length: 1400, output_length: 30, hash_ids: [0, 1, 3] },
      { timestamp: 9000, input_length: 2000, output_length: 40, hash_ids: [0, 1, 3, 4] },
    ]
      .map((request) => JSON.stringify(request))
      .join('\n'),
  ),
  'four.jsonl',
);

function same<Value>(value: Value) {
  return { mean: value, p5: value, p25: value, p50: value, p75: value, p95: value };
}

t.test('the statistics of a small trace are those counted by hand', async (t) => {
  // Reuses: block 0 after 2, 2 and 3 accesses (1, 3 and 5 s), block 1 after 4 and 3 (4 and 5 s), block 3 after 3 (5 s).
  t.strictSame(traceStatistics(TRACE), {
    requests: 4,
    blockAccesses: 11,
    distinctBlocks: 5,
    blocksPerRequest: { mean: 11 / 4, p5: 2, p25: 2, p50: 2, p75: 3, p95: 4 },
    accessedOnce: 2 / 5,
    infiniteCacheHitRatio: 1 - 5 / 11,
    reuseGapSeconds: { mean: 23 / 6, p5: 1, p25: 3, p50: 4, p75: 5, p95: 5 },
    reuseGapAccesses: { mean: 17 / 6, p5: 2, p25: 2, p50: 3, p75: 3, p95: 4 },
    continuing: 2 / 4,
    turnGapSeconds: { mean: 4.5, p5: 4, p25: 4, p50: 4, p75: 5, p95: 5 },
    inputTokens: 1250,
    outputTokens: 25,
  });
});

t.test('a trace without any reuse has zeros where there is nothing to measure', async (t) => {
  const line = '{"timestamp": 5, "input_length": 9, "output_length": 1, "hash_ids": [7]}';
  const statistics = traceStatistics(readMooncake(Buffer.from(line), 'one.jsonl'));
  t.equal(statistics.accessedOnce, 1);
  t.equal(statistics.infiniteCacheHitRatio, 0);
  t.strictSame(statistics.reuseGapSeconds, same(0));
  t.strictSame(statistics.turnGapSeconds, same(0));
});

t.test('statistics are described in rows', async (t) => {
  const rows = describeStatistics(traceStatistics(TRACE));
  t.strictSame(rows[0], ['requests', '4']);
  t.strictSame(rows[3], ['  accessed once', '40.0%']);
  t.ok(rows.some(([label, value]) => label === 'turn gap in seconds, mean' && value === '4.5'));
  t.ok(rows.some(([label, value]) => label === 'prompt tokens, mean' && value === '1,250'));
});
