import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { contentPieces, wholeContent } from '../../src/traces/content.ts';

/** Made by zstd 1.5.4: at level 19 with a checksum, and at level 1 without. */
const SQUARES = Buffer.from(
  'KLUv/WQfAx0CAMJHDgmw6yRJiHBSmHVz+SY+neJeXGK6emzdrpi9rtxYunHh5eXCjUtvXLlmr9i2HlenJS7eKZ5O/JY5BAEAPOi/ClG3ZtFi',
  'base64',
);
const SEVENS = Buffer.from('KLUv/aTgkwQAVAAAEDcKAQD7/+UOC0QAAAABAP3/8gsERQAAAAEA3RMdAAHkxRQV', 'base64');
const UNCHECKED = Buffer.from('KLUv/aDgkwQAVAAAEDcKAQD7/+UOC0wAAAg3AQD8/zkQAk0AAAg3AQDcEx0IAQ==', 'base64');
const SKIPPABLE = Buffer.from([0x5f, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);

const squares = `${Array.from({ length: 400 }, (_, i) => (i * i) % 47).join('\n')}\n`;
const sevens = '7\n'.repeat(150_000);

/** What a file of these bytes holds, read at once and in pieces. */
async function contents(folder: string, bytes: Buffer): Promise<string[]> {
  const path = join(folder, 'file.zst');
  writeFileSync(path, bytes);
  const pieces: Buffer[] = [];
  for await (const piece of contentPieces(path)) pieces.push(piece);
  return [wholeContent(path).toString(), Buffer.concat(pieces).toString()];
}

t.test('frames of one block and of several, with and without checksum, and several frames', async (t) => {
  const folder = t.testdir();
  t.strictSame(await contents(folder, SQUARES), [squares, squares]);
  t.strictSame(await contents(folder, SEVENS), [sevens, sevens]);
  t.strictSame(await contents(folder, UNCHECKED), [sevens, sevens]);
  const all = sevens + squares;
  t.strictSame(await contents(folder, Buffer.concat([UNCHECKED, SKIPPABLE, SQUARES])), [all, all]);
});

t.test('a truncated file, trailing bytes and every flipped bit are refused', async (t) => {
  const folder = t.testdir();
  const message = /file\.zst: damaged or truncated zstd \(.*\); fetch the file again$/;
  for (let length = 4; length < SQUARES.length; length += 3) {
    await t.rejects(contents(folder, SQUARES.subarray(0, length)), { message });
  }
  await t.rejects(contents(folder, Buffer.concat([SQUARES, Buffer.from('7')])), { message });
  for (let bit = 32; bit < 8 * SQUARES.length; bit++) {
    const damaged = Buffer.from(SQUARES);
    damaged[bit >> 3] ^= 1 << (bit & 7);
    await contents(folder, damaged).then(
      // A few bits mean nothing to a decoder; then nothing may change.
      (read) => t.strictSame(read, [squares, squares], `bit ${bit}`),
      (error) => t.match(error.message, message),
    );
  }
});
