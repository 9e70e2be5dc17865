import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { CostModel } from '../../src/kvcache/cost-model.ts';
import { DEVICES, findDevice } from '../../src/kvcache/device.ts';
import { findGeometry, GEOMETRIES } from '../../src/kvcache/geometry.ts';
import { hold } from '../arbitraries.ts';

const tokens = fc.integer({ min: 1, max: 200_000 });
const models = GEOMETRIES.flatMap((geometry) =>
  DEVICES.map(({ name }) => new CostModel(geometry, findDevice(`4x${name}`))),
);
const anyModel = fc.constantFrom(...models);
const links = fc.record({
  bandwidth: fc.double({ min: 1e8, max: 1e12, noNaN: true }),
  latency: fc.double({ min: 0, max: 1, noNaN: true }),
  ratio: fc.double({ min: 0.05, max: 1, noNaN: true }),
});

t.test('parameters of the presets add up from their published sizes', async (t) => {
  const sizes = {
    'llama-3.1-8b': [128_256, 14_336, 2],
    'yi-34b': [64_000, 20_480, 2],
    'llama-3.1-70b': [128_256, 28_672, 2],
    // Reads and writes words with the same table.
    'smollm2-135m': [49_152, 1536, 1],
  };
  for (const [name, [vocabulary, inner, tables]] of Object.entries(sizes)) {
    const { layers, hidden, kvHeads, headSize, parameters } = findGeometry(name);
    const attention = 2 * hidden * hidden + 2 * hidden * kvHeads * headSize;
    const layer = attention + 3 * hidden * inner + 2 * hidden;
    t.equal(tables * vocabulary * hidden + layers * layer + hidden, parameters, name);
  }
});

t.test(
  'Yi-34B on an A100 decodes and reads a short prompt in the times of its published peak analysis',
  async (t) => {
    const model = new CostModel(findGeometry('yi-34b'), findDevice('a100-80gb'));
    const near = (found: number, published: number, share: number) => Math.abs(found / published - 1) < share;
    t.equal(model.kvBytesPerToken, 245_760, '240 KiB a token');
    t.ok(near(250 * model.decodeSeconds(50_000), 9.8, 0.02), '250 tokens after 50,000 in 9.8 s');
    t.ok(near(250 * model.decodeSeconds(4096), 8.5, 0.02), '250 tokens after 4,096 in 8.5 s');
    t.ok(near(model.prefillSeconds(4096), 0.89, 0.07), '4,096 tokens read in 0.89 s');
    // The paper says 14.1 s, with fewer operations for attention than a causal mask needs.
    t.ok(near(model.prefillSeconds(50_000), 17.9, 0.01), '50,000 tokens');
    t.equal(new CostModel(findGeometry('llama-3.1-8b'), findDevice('a100-80gb')).concurrency(4096), 119);
  },
);

t.test('costs rise with tokens and fall with the device', async () => {
  const property = fc.property(
    anyModel,
    tokens,
    tokens,
    fc.nat({ max: 100_000 }),
    links,
    (model, a, b, cached, link) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      assert(model.prefillSeconds(less, cached) <= model.prefillSeconds(more, cached));
      assert(model.prefillSeconds(less) <= model.prefillSeconds(less, cached), 'a longer context costs more');
      assert(model.decodeSeconds(less) <= model.decodeSeconds(more));
      assert(model.loadSeconds(less, link) <= model.loadSeconds(more, link));
      assert(model.contextSwitchSeconds(less) <= model.contextSwitchSeconds(more));
      assert(model.concurrency(less) >= model.concurrency(more));
      const twice = new CostModel(model.geometry, findDevice(`8x${model.device.name.slice(2)}`));
      assert(twice.prefillSeconds(less, cached) < model.prefillSeconds(less, cached));
      assert(twice.concurrency(less) >= 2 * model.concurrency(less));
    },
  );
  hold(property);
});

t.test(
  'a prompt read in two parts costs as much as at once, and a cached part saves its own cost',
  async () => {
    const property = fc.property(anyModel, tokens, tokens, (model, first, second) => {
      const parts = model.prefillSeconds(first) + model.prefillSeconds(second, first);
      const whole = model.prefillSeconds(first + second);
      assert(Math.abs(parts - whole) <= 1e-9 * whole);
    });
    hold(property);
  },
);

t.test('loading or recomputing takes the faster way', async () => {
  const property = fc.property(
    anyModel,
    tokens,
    fc.nat({ max: 100_000 }),
    links,
    (model, count, cached, link) => {
      const { load, seconds } = model.loadOrRecompute(count, cached, link);
      const ways = [model.loadSeconds(count, link), model.prefillSeconds(count, cached)];
      assert.equal(seconds, Math.min(...ways));
      assert.equal(seconds, load ? ways[0] : ways[1]);
      const faster = { ...link, bandwidth: 2 * link.bandwidth };
      assert(
        !load || model.loadOrRecompute(count, cached, faster).load,
        'a faster link never speaks against loading',
      );
    },
  );
  hold(property);
});

t.test('unknown models and devices, and weights that do not fit, are refused in one line', async (t) => {
  t.throws(() => findGeometry('gpt'), /unknown model “gpt”; known: llama-3.1-8b/);
  t.throws(() => findDevice('tpu'), /unknown device “tpu”; known: a100-80gb/);
  t.throws(() => findDevice('0xa100-80gb'), /unknown device/);
  const [large, device] = [findGeometry('llama-3.1-70b'), findDevice('a100-80gb')];
  t.throws(() => new CostModel(large, device), /do not fit into a100-80gb; take several/);
  t.throws(() => new CostModel(large, findDevice('4xa100-80gb'), 0), /utilisation 0/);
});
