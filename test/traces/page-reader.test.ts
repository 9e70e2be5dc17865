import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { CsvReader, readCsv } from '../../src/traces/csv.ts';
import { OracleGeneralReader, readOracleGeneral } from '../../src/traces/oracle-general.ts';
import { type PageReader, readPagesByPiece } from '../../src/traces/page-reader.ts';
import { PageTextReader, readPageText } from '../../src/traces/page-text.ts';
import { oracleGeneral } from './oracle-general-bytes.ts';

/** Bytes cut into pieces of so many bytes each, and the rest. */
async function* pieces(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
  yield bytes.subarray(at);
}

/** Pages and times, or the message of the failure. */
async function byPiece(reader: PageReader, bytes: Buffer, lengths: readonly number[]): Promise<unknown> {
  const pages: number[] = [];
  const time: number[] = [];
  try {
    for await (const columns of readPagesByPiece(reader, pieces(bytes, lengths), 'file')) {
      pages.push(...columns.pages.subarray(0, columns.length));
      time.push(...columns.time.subarray(0, columns.length));
    }
  } catch (error) {
    return (error as Error).message;
  }
  return { pages, time };
}

const number = fc.oneof(fc.nat({ max: 5 }), fc.maxSafeNat());
const text = fc
  .array(
    fc.oneof(
      { weight: 9, arbitrary: fc.tuple(fc.nat({ max: 2 }), number) },
      fc.constantFrom([9, -1], [8, 7]),
    ),
  )
  .chain((rows) => fc.constantFrom('\n', '\r\n', '\n\n').map((end) => ({ rows, end })));

const FORMATS = {
  'page text': [
    text.map(({ rows, end }) => Buffer.from(rows.map(([, page]) => `${page}${end}`).join(''))),
    () => new PageTextReader('file'),
    (bytes: Buffer) => readPageText(bytes, 'file'),
  ],
  'a table': [
    text.map(({ rows, end }) => Buffer.from(`time,page${end}${rows.map((row) => row.join(',')).join(end)}`)),
    () => new CsvReader('file'),
    (bytes: Buffer) => readCsv(bytes, 'file'),
  ],
  oracleGeneral: [
    text.map(({ rows, end }) =>
      oracleGeneral(rows.map(([time, page]) => [time, BigInt(Math.max(0, page))] as const)).subarray(
        end.length - 1,
      ),
    ),
    () => new OracleGeneralReader('file'),
    (bytes: Buffer) => readOracleGeneral(bytes, 'file'),
  ],
} as const;

for (const [format, [content, reader, whole]] of Object.entries(FORMATS)) {
  t.test(`${format} reads the same in pieces of any length, or fails with the same words`, async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat({ max: 40 })), async (bytes, lengths) => {
        let expected: unknown;
        try {
          const { blocks, time } = whole(bytes);
          expected = { pages: [...blocks.pages], time: [...time] };
        } catch (error) {
          expected = (error as Error).message;
        }
        assert.deepEqual(await byPiece(reader(), bytes, lengths), expected);
      }),
      { numRuns: 300 },
    );
  });
}

t.test('a line that does not end is refused before it fills the memory', async (t) => {
  const digits = Buffer.alloc(1 << 20, '7');
  const lengths = Array.from({ length: 18 }, () => digits.length);
  const found = await byPiece(new PageTextReader('file'), Buffer.alloc(18 << 20, '7'), lengths);
  t.equal(found, 'file: a line is longer than 16 MiB; give a trace of one access a line');
});
