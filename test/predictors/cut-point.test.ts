import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { fitCutPoints } from '../../src/predictors/cut-point.ts';
import { hold } from '../arbitraries.ts';

const paths = fc.array(fc.array(fc.nat({ max: 1 }), { maxLength: 9 }), { maxLength: 6 });

/** Of all cut points of a path the one that differs least, of several the longest head: by trying each. */
function fitted(path: readonly number[]): number[] {
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let cut = 0; cut <= path.length; cut++) {
    const bits = path.map((_, i) => (i < cut ? 0 : 1));
    const differs = bits.filter((bit, i) => bit !== path[i]).length;
    if (differs > least) continue;
    least = differs;
    best = bits;
  }
  return best;
}

t.test('of all cut points the one that differs least from the bits is fitted, path by path', async () => {
  const property = fc.property(paths, (paths) => {
    const first = Uint32Array.from([0, ...paths.map((_, i) => paths.slice(0, i + 1).flat().length)]);
    const fit = fitCutPoints(Uint8Array.from(paths.flat()), first);
    assert.deepEqual([...fit], paths.flatMap(fitted));
    assert.deepEqual(fitCutPoints(fit, first), fit);
  });
  hold(property, 300);
});
