import { FEATURE_NAMES } from '../../src/features/block-features.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';

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
      judged: [{ capacity: 100, pays }],
      features,
      layers: [1],
      trainedOn: { trace: 'made up', checksum: '0', requests: 1 },
      seed: 1,
      backend: 'none',
    },
    layers: [{ kernel, bias: Float32Array.of(20) }],
  };
}
