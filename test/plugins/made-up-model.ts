import { FEATURE_NAMES } from '../../src/features/block-features.ts';
import { encodedWidth } from '../../src/predictors/encoding.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';
import { SeededRandom } from '../../src/support/random.ts';

/** A model that is sure that the first `kept` blocks of every request come back soon, and that the others never do. */
export function keepsFirst(kept: number, pays = true): Model {
  const features = FEATURE_NAMES.map((name) => ({
    name,
    thresholds: name === 'position' ? [kept] : [],
    mean: 0,
    deviation: 1,
  }));
  // One input for the threshold of `position`, which comes first, and a logarithm for each feature.
  const kernel = new Float32Array(FEATURE_NAMES.length + 1);
  kernel[0] = -40;
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages: [0, 60],
      judged: [{ capacity: 100, pays: true, cutPoints: pays ? 0.3 : null, oneBit: pays ? 0.3 : null }],
      features,
      layers: [1],
      trainedOn: { trace: 'made up', checksum: '0', requests: 1 },
      seed: 1,
      backend: 'none',
    },
    layers: [{ kernel, bias: Float32Array.of(20) }],
  };
}

/** A model of random weights, whose chances differ from block to block. */
export function atRandom(seed: number, judged: Model['header']['judged']): Model {
  const random = new SeededRandom(seed);
  const features = FEATURE_NAMES.map((name) => ({ name, thresholds: [1, 10, 100], mean: 2, deviation: 2 }));
  const layers = [8, 3];
  const weights = (length: number, deviation: number) =>
    Float32Array.from({ length }, () => deviation * random.normal());
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages: [0, 20, 100, 1000],
      judged,
      features,
      layers,
      trainedOn: { trace: 'made up', checksum: '0', requests: 1 },
      seed,
      backend: 'none',
    },
    layers: [
      { kernel: weights(encodedWidth(features) * 8, 0.2), bias: weights(8, 1) },
      { kernel: weights(8 * 3, 1), bias: weights(3, 1) },
    ],
  };
}
