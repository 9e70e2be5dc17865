import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import { streamPages } from '../../src/traces/columnar.ts';
import { convertTrace } from '../../src/traces/convert.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import type { ServingTrace } from '../../src/traces/serving-trace.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { writeColumnar } from '../../src/traces/write-columnar.ts';
import { hold } from '../arbitraries.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

const sessions = generateSessions({ ...DEFAULT_SESSIONS, requests: 60 }, 3);

/** A trace without its name, which is that of its file. */
function columns({ name: _, ...rest }: ServingTrace) {
  return rest;
}

t.test('a columnar file gives back every column of a serving trace', async (t) => {
  const path = join(t.testdir(), 'folder', 'sessions.onebit');
  writeColumnar(sessions, path);
  t.strictSame(columns(readTrace(path)), columns(sessions));
  t.equal(readTrace(path).name, 'sessions.onebit');
  t.strictSame(readdirSync(join(path, '..')), ['sessions.onebit']);
});

t.test('whatever is converted reads as it did before, whether it was streamed or not', async (t) => {
  const folder = t.testdir();
  const big = Array.from({ length: 300_000 }, (_, i) => (i * i) % 50_021);
  const files = {
    'pages.txt': '7\n\n9\r\n7',
    'big.txt': big.join('\n'),
    'big.txt.gz': gzipSync(big.join('\n')),
    'table.csv': 'time,op,lbn\n3,r,18446744073709551615\n3,w,9\n8.25,r,18446744073709551615\n',
    'x.oracleGeneral': oracleGeneral(big.map((page, i) => [i >> 3, BigInt(page) << 40n] as const)),
    'mooncake.jsonl': '{"timestamp": 5, "input_length": 2, "output_length": 3, "hash_ids": [4, 5, 4]}',
  };
  for (const [name, content] of Object.entries(files)) {
    const [from, to] = [join(folder, name), join(folder, `${name}.onebit`)];
    writeFileSync(from, content);
    const trace = readTrace(from);
    const { requests, accesses, pageCount } = await convertTrace(from, to);
    assert.deepEqual(columns(readTrace(to)), columns(trace), name);
    t.strictSame([requests, accesses], [trace.time.length, trace.blocks.pages.length], name);
    const stream = streamPages(to);
    t.strictSame([stream.accesses, stream.pageCount], [accesses, pageCount], name);
    // Chunks share their memory, so each is copied.
    const pages: Uint32Array[] = [];
    for (const chunk of stream.chunks()) pages.push(chunk.slice());
    const bytes = Buffer.concat(pages.map((chunk) => new Uint8Array(chunk.buffer)));
    t.ok(bytes.equals(new Uint8Array(trace.blocks.pages.buffer)), name);
    // A columnar file is a trace like any other.
    await convertTrace(to, join(folder, 'again'));
    t.ok(readFileSync(join(folder, 'again')).equals(readFileSync(to)), name);
  }
});

t.test('a conversion that fails leaves what was there, and nothing beside it', async (t) => {
  const folder = t.testdir({
    'bad.txt': '1\n2\nthree\n',
    'bad.txt.gz': gzipSync('1\n2\n').subarray(0, 20),
    old: 'kept',
  });
  for (const name of ['bad.txt', 'bad.txt.gz', 'absent']) {
    await t.rejects(convertTrace(join(folder, name), join(folder, 'old')), Failure);
  }
  await t.rejects(convertTrace(join(folder, 'old'), join(folder, 'bad.txt', 'out')), {
    message: /^[^\n]+; [^\n]+$/,
  });
  t.equal(readFileSync(join(folder, 'old'), 'utf8'), 'kept');
  t.strictSame(readdirSync(folder).sort(), ['bad.txt', 'bad.txt.gz', 'old']);
  t.notOk(existsSync(join(folder, 'out')));
});

t.test('every damaged, truncated or longer file is refused in one line', async (t) => {
  const path = join(t.testdir(), 'sessions.onebit');
  writeColumnar(sessions, path);
  const whole = readFileSync(path);
  const refused = (bytes: Buffer) => {
    writeFileSync(path, bytes);
    assert.throws(() => readTrace(path), { name: 'Failure', message: /onebit: byte \d+: [^\n]*; [^\n]*$/ });
  };
  // The first eight bytes tell the format.
  for (let length = 8; length < whole.length; length += 97) refused(whole.subarray(0, length));
  refused(Buffer.concat([whole, Buffer.alloc(1)]));
  hold(
    fc.property(fc.integer({ min: 64, max: 8 * whole.length - 1 }), (bit) => {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3] ^= 1 << (bit & 7);
      refused(damaged);
    }),
  );
});

t.test(
  'pages that are streamed are checked too: each by its size at once, all by the checksum at the end',
  async (t) => {
    const path = join(t.testdir(), 'sessions.onebit');
    writeColumnar(sessions, path);
    const whole = readFileSync(path);
    const refused = (at: number, message: RegExp) => {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1;
      writeFileSync(path, bytes);
      t.throws(() => [...streamPages(path).chunks()], { message });
    };
    // The first page is 0 and becomes 1; the last one becomes larger than any.
    refused(
      whole.length - 4 * sessions.blocks.pages.length,
      /onebit: byte \d+: damaged or truncated, the checksum of the column pages is wrong; fetch or convert/,
    );
    refused(
      whole.length - 1,
      /onebit: byte \d+: damaged or truncated, number \d+ of the column pages cannot be; /,
    );
  },
);
