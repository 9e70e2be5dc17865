/**
 * Readers meet damaged files: whatever the damage, they read the file whole or fail in one line; a format that can tell that
 * something is missing or changed does. MUTATIONS=100000 damages at least so many files in all, as test/slow/mutations.test.ts does.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import { streamPages } from '../../src/traces/columnar.ts';
import {
  COLUMNS,
  columnLength,
  columnStart,
  decodeHead,
  encodeHead,
  HEAD_BYTES,
} from '../../src/traces/columnar-layout.ts';
import { convertTrace } from '../../src/traces/convert.ts';
import { PageWeights } from '../../src/traces/page-weights.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { requestCount, type ServingTrace } from '../../src/traces/serving-trace.ts';
import { SAMPLES, type Sample } from './samples.ts';

// A long run has no limit of time.
if (process.env.MUTATIONS !== undefined) t.setTimeout(0);
const MUTATIONS = Number(process.env.MUTATIONS ?? 3000);

/** A damaged zstd block may take until the time given to it is over, and a counterexample as often as it is shrunk. */
const isSlow = (path: string): boolean => path.endsWith('.txt.zst');
/** Files of a slow kind are damaged so many times less often. */
const SLOWER = 50;
const slowKinds = SAMPLES.filter(({ name }) => isSlow(name)).length;
/** Of each kind of file that is not slow; beside the samples there are two tests of columnar files. */
const EACH = Math.ceil(MUTATIONS / (SAMPLES.length + 2 - slowKinds + slowKinds / SLOWER));

/** Bytes that mean something to one of the formats are tried more often than others. */
const byte = fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:-.e019\n\r u')), fc.nat({ max: 255 }));

/** Words out of place, alone on a line or amid one. */
const words = fc
  .constantFrom('\nnull\n', '\n[]\n', 'null', '[]', '{}', '-1', '1e999', '""', '0', '\0\0\0\0')
  .map((word) => [...Buffer.from(word)]);

/** One to three damages: bytes replaced, cut out or put in, a bit flipped, a stretch doubled; or the end cut off. */
function damaged(original: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: original.length });
  const patch = fc
    .tuple(
      place,
      fc.oneof(fc.constant(1), fc.constant(0), place),
      fc.oneof(fc.array(byte, { maxLength: 3 }), words),
    )
    .map(
      ([at, removed, put]) =>
        (bytes: Buffer) =>
          Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + removed)]),
    );
  const flip = fc.nat({ max: 8 * original.length - 1 }).map((bit) => (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy[bit >> 3] ^= 1 << (bit & 7);
    return copy;
  });
  const doubling = fc.tuple(place, place).map(
    ([a, b]) =>
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, Math.max(a, b)), bytes.subarray(Math.min(a, b))]),
  );
  const damages = fc.array(fc.oneof(patch, flip, doubling), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 5, arbitrary: damages.map((list) => list.reduce((bytes, damage) => damage(bytes), original)) },
    {
      weight: 1,
      arbitrary: fc.nat({ max: original.length - 1 }).map((length) => original.subarray(0, length)),
    },
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

/** What can be read of a file, without its name and agents' pauses, which a columnar file does not keep; or the message that refuses it, which must be one line with its path. */
function outcome(path: string): object | string {
  const weights = new PageWeights(false);
  try {
    const { name: _, pauses: __, ...columns } = readTrace(path, { weights });
    const { pageCount } = columns.blocks;
    return { ...columns, sizes: weights.sizes(pageCount), costs: weights.costs(pageCount) };
  } catch (error) {
    return refusal(error, path);
  }
}

function refusal(error: unknown, path: string): string {
  assert.ok(error instanceof Failure, `not a failure of the input: ${(error as Error).stack}`);
  assert.ok(error.message.startsWith(path), `the file is not named: ${error.message}`);
  assert.match(error.message.slice(path.length), /^(:\d+)?: [^\n\r]*; [^\n\r]+$/);
  return error.message;
}

/** Lines with anything on them but blanks and control characters. */
function lineCount(bytes: Buffer): number {
  return bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => /[^\0- ]/.test(line)).length;
}

function isCutOff(bytes: Buffer, original: Buffer): boolean {
  return bytes.length < original.length && bytes.equals(original.subarray(0, bytes.length));
}

/**
 * Fails unless what was read of damaged bytes may be taken for the whole.
 *
 * @param copies what is read of the whole file, and of several copies of it, which are a file of so many parts
 */
function assertLaw(
  trace: ServingTrace,
  bytes: Buffer,
  { bytes: original, law, endsAt }: Sample,
  copies: readonly ServingTrace[],
): void {
  const [whole] = copies;
  assertWhole(trace);
  const requests = requestCount(trace);
  // With other bytes at its start it is a file of another format.
  const isKnown = bytes.subarray(0, 4).equals(original.subarray(0, 4));
  if (law === 'the same' && isKnown)
    assert.ok(
      copies.some((copy) => isDeepStrictEqual(trace, copy)),
      'it is not the whole',
    );
  if (law === 'as many requests' && isKnown) assert.equal(requests, requestCount(whole));
  if (law === 'a request a line') {
    const beside = lineCount(bytes) - requests;
    assert.ok(beside === 0 || beside === 1, `${requests} requests of ${lineCount(bytes)} lines`);
  }
  if (endsAt === 'a record') assert.equal(requests, bytes.length / 24);
  if (endsAt === 'its end') assert.ok(!isCutOff(bytes, original), 'a file that is cut off was read');
}

/** Tries damages of a file; what is known of damaged bytes, and the share of them to convert as well, is given. */
async function tryDamages(
  t: Tap,
  path: string,
  damages: fc.Arbitrary<Buffer>,
  check: (trace: ServingTrace, bytes: Buffer) => void,
): Promise<void> {
  let [read, refused, slowest] = [0, 0, 0];
  const property = fc.asyncProperty(damages, fc.nat({ max: 3 }), async (bytes, turn) => {
    writeFileSync(path, bytes);
    const start = performance.now();
    const found = outcome(path);
    slowest = Math.max(slowest, performance.now() - start);
    if (typeof found === 'string') refused++;
    else {
      check(found as ServingTrace, bytes);
      read++;
    }
    if (turn > 0) return;
    // Whether it is read whole or piece by piece must make no difference.
    const converted = `${path}.onebit`;
    const failure = await convertTrace(path, converted).then(
      () => undefined,
      (error) => refusal(error, path),
    );
    assert.equal(failure === undefined, typeof found !== 'string', failure ?? 'it was converted');
    if (failure === undefined) assert.deepEqual(outcome(converted), found);
  });
  const slow = isSlow(path);
  const numRuns = slow ? Math.ceil(EACH / SLOWER) : EACH;
  const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };
  await fc.assert(property, { numRuns, endOnFailure: slow, ...seed });
  t.comment(`${read} read, ${refused} refused, the slowest in ${slowest.toFixed(0)} ms`);
  t.ok(refused > numRuns / 20, `${refused} were refused`);
}

type Tap = Pick<typeof t, 'comment' | 'ok'>;

for (const sample of SAMPLES) {
  t.test(`any damage to ${sample.name} leaves a whole trace or one line of complaint`, async (t) => {
    const path = join(t.testdir(), sample.name);
    // Three damages may each double all there is.
    const copies = Array.from({ length: 8 }, (_, i) => {
      writeFileSync(path, Buffer.concat(Array(i + 1).fill(sample.bytes)));
      return outcome(path);
    });
    assert.ok(typeof copies[0] !== 'string', `the undamaged file: ${copies[0]}`);
    const read = copies.filter((copy) => typeof copy !== 'string') as ServingTrace[];
    await tryDamages(t, path, damaged(sample.bytes), (trace, bytes) => assertLaw(trace, bytes, sample, read));
  });
}

/** A columnar file of every column. */
async function columnarFile(folder: string): Promise<Buffer> {
  const path = join(folder, 'whole.onebit');
  const table = join(folder, 'table.csv');
  writeFileSync(table, 'time,page,size,cost\n0,7,512,1\n2,8,4096,.5\n3,7,512,2\n');
  await convertTrace(table, path);
  return readFileSync(path);
}

t.test('any damage to a columnar file is seen', async (t) => {
  const folder = t.testdir();
  const original = await columnarFile(folder);
  const path = join(folder, 'damaged.onebit');
  await tryDamages(t, path, damaged(original), (trace, bytes) => {
    assertWhole(trace);
    const isKnown = bytes.subarray(0, 8).equals(original.subarray(0, 8));
    assert.ok(!isKnown || bytes.equals(original), 'a damaged file was read');
  });
});

/** A columnar file whose checksums fit its numbers, as another program may have written it. */
function resealed(bytes: Buffer, original: Buffer): Buffer {
  const head = decodeHead(original.subarray(0, HEAD_BYTES), original.length, 'original');
  const checksums = new Map(head.checksums);
  for (const { name, bytes: width } of COLUMNS) {
    const start = columnStart(head, name);
    if (checksums.has(name))
      checksums.set(name, crc32(bytes.subarray(start, start + width * columnLength(head, name))));
  }
  return Buffer.concat([encodeHead({ ...head, checksums }), bytes.subarray(HEAD_BYTES)]);
}

t.test('numbers that cannot be are refused in a columnar file whose checksums are right', async (t) => {
  const folder = t.testdir();
  const original = await columnarFile(folder);
  const path = join(folder, 'resealed.onebit');
  const change = fc.tuple(fc.integer({ min: HEAD_BYTES, max: original.length - 1 }), fc.nat({ max: 255 }));
  const changed = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const bytes = Buffer.from(original);
    for (const [at, value] of changes) bytes[at] = value;
    return resealed(bytes, original);
  });
  await tryDamages(t, path, changed, ({ blocks, firstBlock, time, parent }) => {
    for (const chunk of streamPages(path).chunks()) assert.deepEqual(chunk, blocks.pages);
    for (let r = 0; r < time.length; r++) {
      assert.ok(blocks.pages[r] < blocks.pageCount && time[r] >= (r === 0 ? 0 : time[r - 1]));
      assert.ok(firstBlock[r] < firstBlock[r + 1] && parent[r] < r);
    }
  });
});
