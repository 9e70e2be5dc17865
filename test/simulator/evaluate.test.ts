import t from 'tap';
import { blockFeatures } from '../../src/features/block-features.ts';
import { MODEL_SCHEMA, type Model } from '../../src/predictors/model.ts';
import { evaluationText, reliabilityFigure, strictnessFigure } from '../../src/report/evaluation.ts';
import { evaluate } from '../../src/simulator/evaluate.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 400 }, 2);
const FEATURE = 'past accesses';

/** A model of one cut: blocks that were seen before come back sooner. */
function model(): Model {
  const features = blockFeatures(trace, 1).names.map((name) => ({
    name,
    thresholds: name === FEATURE ? [1] : [],
    mean: 0,
    deviation: 1,
  }));
  const kernel = new Float32Array(features.length + 1);
  kernel[features.findIndex(({ name }) => name === FEATURE)] = 3;
  const layers = [{ kernel, bias: Float32Array.of(1) }];
  layers.push({ kernel: Float32Array.of(1, 1), bias: Float32Array.of(-4, -4) });
  const trainedOn = { trace: 'none', checksum: '', requests: 1 };
  const ages = [0, 5, 20];
  return {
    header: {
      schema: MODEL_SCHEMA,
      ages,
      judged: [{ capacity: 200, pays: false, cutPoints: null, oneBit: null }],
      features,
      layers: [1, 2],
      trainedOn,
      seed: 1,
      backend: 'none',
    },
    layers,
  };
}

t.test(
  'an evaluation finds what a model rests on, and holds its bits against LRU and the optimum',
  async (t) => {
    const record = evaluate(trace, model(), 200, [200], 1);
    t.equal(record.accesses, trace.blocks.pages.length - record.evaluatedFrom);
    const [first, ...others] = record.importance;
    t.equal(first.feature, FEATURE);
    t.ok(first.crossEntropy > 0 && others.every(({ crossEntropy }) => crossEntropy === 0));
    t.equal(record.reliability.length, 2, 'the model knows two chances');
    const [cell] = record.capacities;
    t.equal(cell.pays, false);
    t.ok(cell.lru <= cell.opt && cell.learned <= cell.opt && cell.robust <= cell.opt);
    t.ok(cell.precision > 0 && cell.precision <= 1 && cell.recall > 0 && cell.recall <= 1);
    t.equal(cell.strictness.find(({ share }) => share === 1)?.hitRatio, cell.learned);
    const text = evaluationText(record);
    for (const words of ['precision', FEATURE, 'cross-entropy', 'used']) t.match(text, words);
    for (const figure of [await reliabilityFigure(record), await strictnessFigure(record)])
      t.match(figure, /^<svg/);
  },
);
