import { findPolicy } from '../policies/find-policy.ts';
import type { Model } from '../predictors/model.ts';
import { simulate } from '../simulator/simulate.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import { progressBar } from './progress.ts';

/** Trains on the first `requests` of a trace, with a progress bar; judged by the faults of `discard(lru)`. */
export async function learn(
  trace: ServingTrace,
  requests: number,
  capacities: readonly number[],
  seed: number,
): Promise<Model> {
  // Only here, so that commands without training start without TensorFlow.js.
  const { train } = await import('../training/train.ts');
  const policy = findPolicy('discard(lru)');
  const bar = progressBar('training');
  try {
    return await train(trace, {
      requests,
      capacities,
      seed,
      faults: (capacity, from, to, late) =>
        simulate({
          sequence: trace.blocks,
          policy,
          capacity,
          seed,
          from,
          to,
          ...(late && { predictions: new Uint8Array(to), late }),
        }),
      onProgress: (done, loss) => bar.update(done, `loss ${loss.toFixed(3)}`),
    });
  } finally {
    bar.stop();
  }
}

/** What a user should know of how a model was judged, in one clause. */
export function judgement({ header: { judged } }: Model): string {
  const refused = judged.filter(({ pays }) => !pays).map(({ capacity }) => capacity.toLocaleString('en'));
  return refused.length === 0
    ? 'it saved faults on held-out requests at every capacity'
    : `at ${refused.join(', ')} blocks it saved no faults on held-out requests, so its bits stay 0 there`;
}
