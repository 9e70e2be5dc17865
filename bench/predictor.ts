/**
 * Speed of features and of the compiled kernels, on sessions like those of the Mooncake conversation trace, with a network of
 * the shipped size. CPU time of this process, so that neighbours count less; the best of five rounds.
 *
 *     npx tsx bench/predictor.ts
 */
import { blockFeatures, FEATURE_NAMES } from '../src/features/block-features.ts';
import { encodedWidth } from '../src/predictors/encoding.ts';
import { MODEL_SCHEMA, type Model } from '../src/predictors/model.ts';
import { ScriptKernel } from '../src/predictors/script-kernel.ts';
import { SimdKernel } from '../src/predictors/simd-kernel.ts';
import { SeededRandom } from '../src/support/random.ts';
import { generateSessions } from '../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../src/traces/session-parameters.ts';
import { fitEncoding } from '../src/training/fit-encoding.ts';
import { layerOutputs } from '../src/training/network.ts';

const ROUNDS = 5;
const SPANS = 20;
/** Of a request to the gateway, and how many of those are timed together. */
const [BLOCKS, CALLS] = [20, 2000];

/** Million rows a second, the best of the rounds. */
function speed(rows: number, work: () => void): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return `${(rows / best).toFixed(2)} million block accesses a second`;
}

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 6000 }, 1);
const matrix = blockFeatures(trace);
console.log(`${'features'.padEnd(13)} ${speed(matrix.rows, () => blockFeatures(trace))}`);

const random = new SeededRandom(1);
const features = fitEncoding(matrix, matrix.rows);
const layers = layerOutputs(SPANS);
const widths = [encodedWidth(features), ...layers];
const model: Model = {
  header: {
    schema: MODEL_SCHEMA,
    ages: Array.from({ length: SPANS + 1 }, (_, i) => i),
    judged: [],
    features,
    layers,
    trainedOn: { trace: trace.name, checksum: '', requests: 1 },
    seed: 1,
    backend: 'none',
  },
  layers: layers.map((outputs, i) => ({
    kernel: Float32Array.from(
      { length: widths[i] * outputs },
      () => random.normal() * Math.sqrt(2 / widths[i]),
    ),
    bias: new Float32Array(outputs),
  })),
};
const { length } = FEATURE_NAMES;
const request = matrix.values.subarray(0, BLOCKS * length);
for (const Compiled of [SimdKernel, ScriptKernel]) {
  const kernel = new Compiled(model);
  const whole = speed(matrix.rows, () => kernel.hazards(matrix.values));
  const pieces = speed(CALLS * BLOCKS, () => {
    for (let call = 0; call < CALLS; call++) kernel.hazards(request);
  });
  console.log(
    `${Compiled.name.padEnd(13)} ${whole}; ${BLOCKS} blocks at a time ${pieces}; layers of ${layers}`,
  );
}
