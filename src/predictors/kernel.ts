/**
 * Inference without TensorFlow.js: a model compiled into tables. The 0/1 inputs of a feature are cumulative, so all that they
 * add to the first layer depends only on how many thresholds the value reaches: those sums are tabulated. And most features
 * are the same for all blocks of a request, the later ones above all: what is added up is kept feature by feature, from the
 * last to the first, and only the sums of features up to the last that differs from the row before are made anew. So the
 * result for a row does not depend, to the last bit, on the rows before it.
 */
import type { Model } from './model.ts';
import { ScriptKernel } from './script-kernel.ts';
import { SimdKernel } from './simd-kernel.ts';

/**
 * A compiled model. Agrees with TensorFlow.js to 1e-5.
 *
 * @example
 * const hazards = new Kernel(readModel('chat.onebit', FEATURE_NAMES)).hazards(blockFeatures(trace).values);
 */
export interface Kernel {
  /**
   * The predicted chances that the block of each row is requested in each span of its age, given that it was not before.
   * O(rows × weights beyond the first layer), and for each row O(features up to the last that differs from the row before ×
   * outputs of the first layer).
   *
   * @param values rows of feature values, row-major, as many columns as the model has features
   * @returns rows × spans, row-major
   */
  hazards(values: Float32Array): Float32Array;
}

/** In WebAssembly, with vectors; in TypeScript where a runtime lacks or forbids them. */
export const Kernel: new (model: Model) => Kernel = SimdKernel.isSupported ? SimdKernel : ScriptKernel;
