import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { chancesOf, VARIANTS } from '../../experiments/cut-points/variants.ts';
import { firstRequests } from '../../src/traces/first-requests.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';
import { hold } from '../arbitraries.ts';
import { keepsFirst } from '../plugins/made-up-model.ts';

const paths = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 7 }), {
  maxLength: 5,
});

t.test('the ways to give bits are what they say, path by path', async () => {
  const property = fc.property(paths, fc.double({ min: 0, max: 1, noNaN: true }), (paths, enough) => {
    const chances = Float32Array.from(paths.flat());
    const first = Uint32Array.from([0, ...paths.map((_, i) => paths.slice(0, i + 1).flat().length)]);
    const bits = (name: string) => {
      const all = VARIANTS[name](chances, first, enough);
      return paths.map((_, i) => [...all.slice(first[i], first[i + 1])]);
    };
    const single = bits('a bit a block');
    assert.deepEqual(
      single,
      paths.map((path) => path.map((chance) => (Math.fround(chance) < enough ? 1 : 0))),
    );
    for (const [i, path] of paths.entries()) {
      const kept: number = single[i].includes(1) ? single[i].indexOf(1) : path.length;
      const cut: number[] = path.map((_, block) => (block < kept ? 0 : 1));
      assert.deepEqual(bits('a cut point a request')[i], cut);
      const all = path.map(() => (kept < path.length / 2 ? 1 : 0));
      assert.deepEqual(bits('one bit a request')[i], all);
    }
    const differences = (name: string) =>
      bits(name).flatMap((path, i) => path.filter((bit, block) => bit !== single[i][block])).length;
    assert.ok(differences('the cut point fitted to these') <= differences('a cut point a request'));
  });
  hold(property, 200);
});

t.test('a chance is that of the model, and nothing later counts', async (t) => {
  const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 300 }, 1);
  const chances = chancesOf(keepsFirst(3), trace)(50);
  const certain = Float32Array.from(chances, Math.round);
  t.ok(chances.every((chance, i) => Math.abs(chance - certain[i]) < 1e-6));
  for (let request = 0; request < 300; request++) {
    const [from, end] = [trace.firstBlock[request], trace.firstBlock[request + 1]];
    t.strictSame([...certain.slice(from, end)], [1, 1, 1, ...Array(end).fill(0)].slice(0, end - from));
  }
  for (const requests of [1, 100, 299]) {
    const known = chancesOf(keepsFirst(3), firstRequests(trace, requests))(50);
    t.strictSame(known, chances.slice(0, known.length), `of ${requests} requests`);
  }
});
