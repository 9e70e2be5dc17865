import assert from 'node:assert/strict';
import fc from 'fast-check';
import { xxhash64 } from 'hyparquet/src/xxhash.js';
import t from 'tap';
import { XxHash64 } from '../../src/support/xxhash64.ts';
import { hold } from '../arbitraries.ts';

t.test('published hashes', async (t) => {
  const hash = (text: string) => new XxHash64().update(Buffer.from(text)).digest();
  t.equal(hash(''), 0xef46db3751d8e999n);
  t.equal(hash('a'), 0xd24ec4f1a98c6e5bn);
  t.equal(hash('abc'), 0x44bc2cf5ad770999n);
});

t.test('any bytes in any two pieces have the hash that another implementation gives the whole', async () => {
  hold(
    fc.property(fc.uint8Array({ size: 'max', maxLength: 200 }), fc.nat({ max: 200 }), (bytes, cut) => {
      const buffer = Buffer.from(bytes);
      const hash = new XxHash64().update(buffer.subarray(0, cut)).update(buffer.subarray(cut));
      assert.equal(hash.digest(), xxhash64(bytes));
    }),
  );
});
