import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import t from 'tap';
import { encodedWidth, encodeRow } from '../../src/predictors/encoding.ts';
import { Kernel } from '../../src/predictors/kernel.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';
import { ScriptKernel } from '../../src/predictors/script-kernel.ts';
import { SimdKernel } from '../../src/predictors/simd-kernel.ts';
import { SeededRandom } from '../../src/support/random.ts';

const KERNELS = { ScriptKernel, SimdKernel };

/** A model with random weights. @param thresholds of each feature, how many */
function randomModel(seed: number, thresholds: readonly number[], layers: readonly number[]): Model {
  const random = new SeededRandom(seed);
  const normals = (length: number) => Array.from({ length }, () => random.normal());
  const features = thresholds.map((count, i) => ({
    name: String(i),
    // Not rounded to 32 bits, and some of them whole numbers, which values meet.
    thresholds: normals(count)
      .map((x, j) => (j % 2 === 0 ? 10 * x : Math.round(10 * x)))
      .sort((a, b) => a - b),
    mean: random.normal(),
    deviation: 0.5 + Math.abs(random.normal()),
  }));
  const widths = [encodedWidth(features), ...layers];
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages: Array.from({ length: layers[layers.length - 1] + 1 }, (_, i) => i),
      judged: [],
      features,
      layers,
      trainedOn: { trace: '', checksum: '', requests: 1 },
      seed,
      backend: '',
    },
    layers: layers.map((outputs, i) => ({
      kernel: Float32Array.from(normals(widths[i] * outputs), (x) => x / Math.sqrt(widths[i])),
      bias: Float32Array.from(normals(outputs)),
    })),
  };
}

/** Rows like those of the blocks of requests: most columns are the same as in the row before. */
function randomValues(seed: number, columns: number, rows: number): Float32Array {
  const random = new SeededRandom(seed);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) {
    const isNew = i < columns || random.below(3) === 0;
    const x = 10 * random.normal() * 10 ** random.below(4);
    values[i] = isNew ? (random.below(2) === 0 ? Math.round(x) : x) : values[i - columns];
  }
  return values;
}

/** The network evaluated as written down, in 64 bits. */
function plainHazards({ header, layers }: Model, values: Float32Array): number[] {
  const columns = header.features.length;
  return Array.from({ length: values.length / columns }, (_, row) => {
    const inputs = new Float32Array(encodedWidth(header.features));
    encodeRow(header.features, values, row * columns, inputs, 0);
    let activations = Array.from(inputs);
    for (const { kernel, bias } of layers) {
      // The inputs of the first layer are not rectified, those of the others are.
      const given = bias === layers[0].bias ? activations : activations.map((x) => Math.max(0, x));
      activations = Array.from(bias, (b, j) =>
        given.reduce((sum, x, i) => sum + x * kernel[i * bias.length + j], b),
      );
    }
    return activations.map((x) => 1 / (1 + Math.exp(-x)));
  }).flat();
}

const largestError = (got: Float32Array, expected: ArrayLike<number>) =>
  got.reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i])), 0);

const instance = fc.record({
  seed: fc.nat(),
  thresholds: fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }),
  layers: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  rows: fc.oneof(fc.nat(9), fc.constantFrom(127, 128, 129, 259)),
});

t.test('WebAssembly is in use here, and TypeScript where a runtime has none', async (t) => {
  t.equal(Kernel, SimdKernel);
  const module = new URL('../../src/predictors/kernel.ts', import.meta.url);
  const code = `import { Kernel } from '${module}'; process.stdout.write(Kernel.name);`;
  // Without a compiler at run time Node has no WebAssembly.
  const options = ['--jitless', '--import', 'tsx', '--input-type=module', '--eval', code];
  t.equal(spawnSync(process.execPath, options, { encoding: 'utf8' }).stdout, 'ScriptKernel');
});

for (const [name, Compiled] of Object.entries(KERNELS)) {
  t.test(`${name} agrees with the network as written down to 2e-6, whatever the shape`, async (t) => {
    fc.assert(
      fc.property(instance, ({ seed, thresholds, layers, rows }) => {
        const model = randomModel(seed, thresholds, layers);
        const values = randomValues(seed, thresholds.length, rows);
        const got = new Compiled(model).hazards(values);
        const expected = plainHazards(model, values);
        return got.length === expected.length && largestError(got, expected) < 2e-6;
      }),
      { numRuns: 150 },
    );
    t.pass();
  });

  t.test(`${name}: a row's chances do not depend, to the last bit, on the rows before it`, async (t) => {
    fc.assert(
      fc.property(instance, fc.nat(300), ({ seed, thresholds, layers, rows }, skipped) => {
        const columns = thresholds.length;
        const kernel = new Compiled(randomModel(seed, thresholds, layers));
        const values = randomValues(seed, columns, rows);
        const from = Math.min(skipped, rows);
        const alone = kernel.hazards(values.subarray(from * columns));
        const all = kernel.hazards(values).subarray(from * layers[layers.length - 1]);
        return alone.every((p, i) => p === all[i]);
      }),
    );
    t.pass();
  });

  t.test(`${name}: a value that is no number spoils its own row alone`, async (t) => {
    const model = randomModel(1, [3, 0, 5], [9, 5, 3]);
    const kernel = new Compiled(model);
    for (let column = 0; column < 3; column++) {
      const values = randomValues(2, 3, 200);
      const rows = [0, 1, 77, 128, 199];
      for (const row of rows) values[3 * row + column] = Number.NaN;
      const expected = plainHazards(model, values);
      for (const [i, p] of kernel.hazards(values).entries()) {
        const isSpoilt = rows.includes(Math.floor(i / 3));
        if (isSpoilt ? !Number.isNaN(p) : !(Math.abs(p - expected[i]) < 1e-5)) t.fail(`chance ${i}: ${p}`);
      }
    }
  });

  t.test(`${name}: huge and tiny values, logits and thresholds`, async (t) => {
    const model = randomModel(5, [4, 6], [12, 2]);
    const [first, second] = model.header.features;
    const features = [
      { ...first, thresholds: [-1e300, -1e-50, 0, 1e-50] },
      { ...second, thresholds: [-1e30, 0.1, 1 / 3, 16777217, 3e38, 1e300] },
    ];
    const extreme = { ...model, header: { ...model.header, features } };
    for (const layer of [extreme.layers[0], extreme.layers[1]])
      layer.kernel.forEach((x, i, all) => {
        all[i] = 8 * x;
      });
    const numbers = [0, -0, 1e-45, -1e-45, 0.1, 1 / 3, 16777216, 16777218, 3e38, -3e38, 1e-20, 1];
    const values = Float32Array.from(numbers.flatMap((x) => numbers.flatMap((y) => [x, y])));
    t.ok(largestError(new Compiled(extreme).hazards(values), plainHazards(extreme, values)) < 1e-5);
  });

  t.test(`${name} refuses rows of another width, and knows no rows at all`, async (t) => {
    const kernel = new Compiled(randomModel(1, [1, 2], [3]));
    t.throws(() => kernel.hazards(new Float32Array(3)), /another width/);
    t.equal(kernel.hazards(new Float32Array(0)).length, 0);
  });
}

t.test('calls leave nothing behind in the memory of WebAssembly', async (t) => {
  const kernel = new SimdKernel(randomModel(1, [3, 4], [64, 32, 20]));
  const { wasm } = kernel as unknown as { wasm: { memory: { buffer: ArrayBuffer } } };
  const size = () => wasm.memory.buffer.byteLength;
  const before = size();
  const values = randomValues(1, 2, 1000);
  for (let call = 0; call < 300; call++) kernel.hazards(values);
  t.equal(size(), before);
  t.ok(before <= 4 * 65536, `${before} bytes`);
});
