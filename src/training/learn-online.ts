import { blockFeatures } from '../features/block-features.ts';
import type { Model } from '../predictors/model.ts';
import { requestCount, type ServingTrace } from '../traces/serving-trace.ts';
import { prepareBackend } from './backend.ts';
import { ONLINE, OnlineLearner, type OnlineSettings } from './online-learner.ts';

/** How a trace is gone through. */
export interface OnlinePlan {
  /** To go on from. */
  readonly model: Model;
  /** Requests at the start that the model was trained on: they are remembered, and teach nothing for a second time at once. */
  readonly known: number;
  readonly seed: number;
  readonly settings?: OnlineSettings;
  /** Told after every request: the share of the work done. */
  readonly onProgress?: (done: number) => void;
}

/**
 * What a model that keeps learning says of each block access of a trace, from the requests before it alone. The same seed on
 * the same backend says the same. O(accesses × weights); the learner's memory is bounded (`OnlineLearner`), what is returned
 * is as long as the trace.
 *
 * @returns what keeping each block is worth from each span of its age on (`keepValues`): accesses × spans, row-major
 * @throws Failure for a model of other layers than this version trains
 */
export async function learnOnline(
  trace: ServingTrace,
  { model, known, seed, settings = ONLINE, onProgress }: OnlinePlan,
): Promise<Float32Array> {
  await prepareBackend();
  const { firstBlock, blocks, time } = trace;
  const matrix = blockFeatures(trace);
  const [columns, spans] = [matrix.names.length, model.header.ages.length - 1];
  const learner = new OnlineLearner(model, seed, settings);
  const worth = new Float32Array(blocks.pages.length * spans);
  for (let request = 0; request < requestCount(trace); request++) {
    const [from, to] = [firstBlock[request], firstBlock[request + 1]];
    const path = blocks.pages.subarray(from, to);
    const values = matrix.values.subarray(from * columns, to * columns);
    worth.set(learner.predict(values), from * spans);
    if (request < known) learner.remember(path, values, time[request]);
    else await learner.observe(path, values, time[request]);
    onProgress?.((request + 1) / requestCount(trace));
  }
  learner.dispose();
  return worth;
}
