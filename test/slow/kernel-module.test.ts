/** The module that the library carries is what its sources assemble to. */
import t from 'tap';
import { assemble } from '../../src/predictors/simd/assemble.ts';
import module from '../../src/predictors/simd-module.ts';

t.test('the committed module is, byte by byte, what its sources assemble to', async (t) => {
  t.equal(Buffer.from(await assemble()).toString('base64'), module);
});
