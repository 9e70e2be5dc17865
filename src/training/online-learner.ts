import { RecentRows } from '../features/recent-rows.ts';
import { keepValues } from '../predictors/keep-value.ts';
import { Kernel } from '../predictors/kernel.ts';
import type { Model } from '../predictors/model.ts';
import { Failure } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { Learner } from './learner.ts';
import { layerOutputs } from './network.ts';

/** How an online learner goes about it. */
export interface OnlineSettings {
  /** Accesses that are kept: what becomes of one is learnt if it is known before so many others have come. */
  readonly kept: number;
  /** Accesses between two refreshes. */
  readonly period: number;
  /** Of the kept accesses, drawn for each refresh. */
  readonly sample: number;
  /** Of the steps of a refresh; an eighth of that of a network that begins with random weights. */
  readonly learningRate: number;
}

/** Chosen on the first 60% of the accesses of the two Mooncake traces: experiments/generalisation. */
export const ONLINE: OnlineSettings = {
  kept: 1 << 17,
  period: 1 << 12,
  sample: 1 << 14,
  learningRate: 2.5e-4,
};

/**
 * A model that keeps learning from what becomes of the requests it sees, at bounded memory: the weights move in small steps of
 * gradient on samples of the recent accesses; the encoding and the spans of age stay. What it predicts for a request depends
 * on earlier requests alone, and an outcome teaches once its span of age is over.
 *
 * @example
 * await prepareBackend();
 * const learner = new OnlineLearner(model, 1);
 * const { path, values } = features.arrive(hashes, seconds, inputTokens); // LiveFeatures
 * const worth = learner.predict(values);
 * await learner.observe(path, values, seconds);
 */
export class OnlineLearner {
  private readonly model: Model;
  private readonly settings: OnlineSettings;
  private readonly recent: RecentRows;
  private readonly learner: Learner;
  private readonly random: SeededRandom;
  private kernel: Kernel;
  private passes = 0;
  /** At how many accesses it learns next. */
  private due: number;

  /**
   * @param model to go on from; it is left as it is
   * @param seed of the samples and of what is random in learning
   * @throws Failure for a model of other layers than this version trains
   */
  constructor(model: Model, seed: number, settings: OnlineSettings = ONLINE) {
    const { ages, features, layers } = model.header;
    if (layers.join() !== layerOutputs(ages.length - 1).join())
      throw new Failure(
        `a model with layers of ${layers.join(', ')} cannot go on learning; train it with this version`,
      );
    this.model = model;
    this.settings = settings;
    this.recent = new RecentRows(settings.kept);
    const start = { layers: model.layers, learningRate: settings.learningRate };
    this.learner = new Learner(features, ages.length - 1, seed, start);
    this.random = new SeededRandom(seed);
    this.kernel = new Kernel(model);
    this.due = settings.period;
  }

  /**
   * What keeping blocks is worth now (`keepValues`). O(rows × weights).
   *
   * @param values rows of features, row-major
   */
  predict(values: Float32Array): Float32Array {
    return keepValues(this.kernel.hazards(values), this.model.header.ages);
  }

  /**
   * Takes in a request that the model was trained on: it is remembered, so that its blocks are known when they come back.
   *
   * @param path numbers of its blocks
   * @param values their features, row-major
   * @param seconds arrival, never decreasing
   */
  remember(path: Uint32Array, values: Float32Array, seconds: number): void {
    this.recent.add(path, values, seconds);
    this.due = this.recent.count + this.settings.period;
  }

  /** Takes in a request, once its blocks were predicted, and learns if it is time. The parameters are those of `remember`. */
  async observe(path: Uint32Array, values: Float32Array, seconds: number): Promise<void> {
    const { recent, settings, model } = this;
    recent.add(path, values, seconds);
    if (recent.count < this.due) return;
    this.due = recent.count + settings.period;
    const size = Math.min(settings.sample, recent.kept);
    const places = Uint32Array.from({ length: size }, () => this.random.below(recent.kept));
    const { matrix, rows } = recent.select(places, model.header.ages);
    await this.learner.pass(matrix, rows, ++this.passes, () => {});
    this.kernel = new Kernel({ header: model.header, layers: this.learner.layers() });
  }

  dispose(): void {
    this.learner.dispose();
  }
}
