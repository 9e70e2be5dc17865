/**
 * Speed of features and of the compiled kernel, on sessions like those of the Mooncake conversation trace, with a network of
 * the shipped size. CPU time of this process, so that neighbours count less; the best of five rounds.
 *
 *     npx tsx bench/predictor.ts
 */
import { blockFeatures } from '../src/features/block-features.ts';
import { encodedWidth } from '../src/predictors/encoding.ts';
import { Kernel } from '../src/predictors/kernel.ts';
import { MODEL_SCHEMA, type Model } from '../src/predictors/model.ts';
import { SeededRandom } from '../src/support/random.ts';
import { generateSessions } from '../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../src/traces/session-parameters.ts';
import { fitEncoding } from '../src/training/fit-encoding.ts';
import { layerOutputs } from '../src/training/network.ts';

const ROUNDS = 5;
const SPANS = 20;

/** Million rows a second, the best of the rounds. */
function speed(rows: number, work: () => void): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    work();
    best = Math.min(best, process.cpuUsage(before).user);
  }
  return `${(rows / best).toFixed(2)} million block accesses a second`;
}

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 6000 }, 1);
const matrix = blockFeatures(trace);
console.log(`features  ${speed(matrix.rows, () => blockFeatures(trace))}`);

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
const kernel = new Kernel(model);
console.log(
  `kernel    ${speed(matrix.rows, () => kernel.hazards(matrix.values))}, layers of ${layers.join(', ')}`,
);
