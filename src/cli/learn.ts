import { findPolicy } from '../policies/find-policy.ts';
import type { Model } from '../predictors/model.ts';
import { simulate } from '../simulator/simulate.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { progressBar } from './progress.ts';

/** Trains on the first `requests` of a trace, with a progress bar; thresholds are chosen for `discard(lru)`. */
export async function learn(
  trace: ServingTrace,
  requests: number,
  capacity: number,
  seed: number,
): Promise<Model> {
  // Only here, so that commands without training start without TensorFlow.js.
  const { train } = await import('../training/train.ts');
  const policy = findPolicy('discard(lru)');
  const bar = progressBar(`training for ${capacity} blocks`);
  try {
    return await train(trace, {
      requests,
      capacity,
      seed,
      faults: (predictions, from, to) =>
        simulate({ sequence: trace.blocks, policy, capacity, predictions, seed, from, to }),
      onProgress: (done, loss) => bar.update(done, `loss ${loss.toFixed(3)}`),
    });
  } finally {
    bar.stop();
  }
}
