import { existsSync } from 'node:fs';
import { findPolicy } from '../policies/find-policy.ts';
import type { Model } from '../predictors/model.ts';
import { simulate } from '../simulator/simulate.ts';
import type { ServingTrace } from '../traces/serving-trace.ts';
import type { TrainingPlan } from '../training/train.ts';
import { type Progress, progressBar } from './progress.ts';

/**
 * Trains on the first `requests` of a trace, with a progress bar; judged by the faults of `discard(lru)`.
 *
 * @param checkpoint file where an interrupted training is kept, and found again; nothing is kept if absent
 */
export async function learn(
  trace: ServingTrace,
  requests: number,
  capacities: readonly number[],
  seed: number,
  checkpoint?: string,
): Promise<Model> {
  // Only here, so that commands without training start without TensorFlow.js.
  const { train } = await import('../training/train.ts');
  const { checkpointFile } = await import('../training/checkpoint.ts');
  const policy = findPolicy('discard(lru)');
  const bar = progressBar('training');
  const plan: TrainingPlan = {
    requests,
    capacities,
    seed,
    faults: (capacity, from, to, bits) =>
      simulate({
        sequence: trace.blocks,
        policy,
        capacity,
        seed,
        from,
        to,
        predictions: new Uint8Array(to),
        ...bits,
      }),
    ...(checkpoint !== undefined && { checkpoints: checkpointFile(checkpoint) }),
    onProgress: (done, loss) => bar.update(done, `loss ${loss.toFixed(3)}`),
  };
  return interruptible(bar, () => train(trace, plan), checkpoint);
}

/**
 * What keeping blocks is worth by a model that keeps learning (`learnOnline`), with a progress bar.
 *
 * @param known requests at the start of the trace that it was trained on
 * @throws Failure for a model that cannot go on
 */
export async function learnOn(
  trace: ServingTrace,
  model: Model,
  known: number,
  seed: number,
): Promise<Float32Array> {
  const { learnOnline } = await import('../training/learn-online.ts');
  const bar = progressBar('learning on the way');
  const onProgress = (done: number) => bar.update(done, `seed ${seed}`);
  return interruptible(bar, () => learnOnline(trace, { model, known, seed, onProgress }));
}

/**
 * Learns under a progress bar, until it is done or the user interrupts it; then the program ends.
 *
 * @param checkpoint file from which the same command goes on, if it is there
 */
async function interruptible<T>(bar: Progress, work: () => Promise<T>, checkpoint?: string): Promise<T> {
  const interrupted = () => {
    bar.stop();
    const kept = checkpoint !== undefined && existsSync(checkpoint);
    console.error(`onebit: interrupted${kept ? '; the same command goes on from where it was' : ''}`);
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    return await work();
  } finally {
    process.off('SIGINT', interrupted);
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

/** Where a gateway would write what this model says, in one clause. */
export function gatewayJudgement({ header: { judged } }: Model): string {
  const places = (bits: 'cutPoints' | 'oneBit') => {
    const paying = judged
      .filter((at) => at[bits] !== null)
      .map(({ capacity }) => capacity.toLocaleString('en'));
    return paying.length === 0 ? 'nowhere' : `at ${paying.join(', ')} blocks`;
  };
  return `for onebit serve, cut points pay ${places('cutPoints')}, one bit a request ${places('oneBit')}`;
}
