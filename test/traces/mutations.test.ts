/** Readers meet damaged files: whatever the damage, they read the rest or fail in one line. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import { readMooncake } from '../../src/traces/mooncake-jsonl.ts';
import { readOracleGeneral } from '../../src/traces/oracle-general.ts';
import { readPageText } from '../../src/traces/page-text.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { requestCount, type ServingTrace } from '../../src/traces/serving-trace.ts';
import { hold } from '../arbitraries.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

const MOONCAKE = Buffer.from(
  [
    '{"timestamp": 0, "input_length": 900, "output_length": 52, "hash_ids": [0, 1]}',
    '{"timestamp": 3000, "input_length": 1400, "output_length": 8, "hash_ids": [0, 1, 2]}',
    '{"timestamp": 9000, "input_length": 1500, "output_length": 3, "hash_ids": [0, 1, 3]}',
  ].join('\n'),
);
const PAGES = Buffer.from('12\n7\n12\n300\n');
const RECORDS = oracleGeneral([
  [1, 7n],
  [2, 2n ** 60n],
  [2, 7n],
]);

/** Bytes that mean something to one of the formats are tried more often than others. */
const byte = fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:-.e019\n\r u')), fc.nat({ max: 255 }));

/** Words of JSON out of place, alone on a line or amid one. */
const words = fc
  .constantFrom('\nnull\n', '\n[]\n', 'null', '[]', '{}', '-1', '1e999', '""')
  .map((word) => [...Buffer.from(word)]);

/** One to three damages: a byte replaced, a stretch cut out, or bytes put in. */
function damaged(original: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: original.length });
  const damage = fc.record({
    at: place,
    removed: fc.oneof(fc.constant(1), fc.constant(0), place),
    put: fc.oneof(fc.array(byte, { maxLength: 3 }), words),
  });
  return fc
    .array(damage, { minLength: 1, maxLength: 3 })
    .map((damages) =>
      damages.reduce(
        (bytes, { at, removed, put }) =>
          Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + removed)]),
        original,
      ),
    );
}

/** Columns that later stages rely on without asking again. */
function assertWhole(trace: ServingTrace): void {
  const requests = requestCount(trace);
  assert.ok(requests > 0);
  assert.equal(trace.firstBlock.length, requests + 1);
  assert.equal(trace.firstBlock[requests], trace.blocks.pages.length);
  assert.equal(new Set(trace.blocks.pages).size, trace.blocks.pageCount);
  assert.equal(trace.time[0], 0);
  for (let r = 0; r < requests; r++) {
    assert.ok(trace.firstBlock[r] < trace.firstBlock[r + 1]);
    assert.ok(r === 0 || trace.time[r] >= trace.time[r - 1]);
    assert.ok(trace.parent[r] >= -1 && trace.parent[r] < r);
  }
}

/** Whether a damaged file was read; fails unless it was either read whole or refused in one line. */
function readOrRefuse(read: () => ServingTrace): boolean {
  let trace: ServingTrace;
  try {
    trace = read();
  } catch (error) {
    assert.ok(error instanceof Failure, `not a failure of the input: ${(error as Error).stack}`);
    assert.match(error.message, /^[^\n\r]*damaged[^\n\r]*; [^\n\r]+$/);
    return false;
  }
  assertWhole(trace);
  return true;
}

for (const [format, original, reader] of [
  ['Mooncake', MOONCAKE, readMooncake],
  ['page text', PAGES, readPageText],
  ['oracleGeneral', RECORDS, readOracleGeneral],
] as const) {
  t.test(`any damage to a ${format} file leaves a whole trace or one line of complaint`, async (t) => {
    let read = 0;
    let refused = 0;
    hold(
      fc.property(damaged(original), (bytes) => {
        if (readOrRefuse(() => reader(bytes, 'damaged'))) read++;
        else refused++;
      }),
      3000,
    );
    t.ok(read > 10, `${read} were read`);
    t.ok(refused > 10, `${refused} were refused`);
  });
}

t.test('any damage to a gzip file leaves a whole trace or one line of complaint', async (t) => {
  const path = join(t.testdir(), 'damaged.jsonl.gz');
  hold(
    fc.property(damaged(gzipSync(MOONCAKE)), (bytes) => {
      writeFileSync(path, bytes);
      readOrRefuse(() => readTrace(path));
    }),
  );
});
