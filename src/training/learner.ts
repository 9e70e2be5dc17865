import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { FeatureMatrix } from '../features/block-features.ts';
import type { TrainingRows } from '../features/training-rows.ts';
import { encodedWidth, type FeatureEncoding } from '../predictors/encoding.ts';
import type { DenseLayer } from '../predictors/model.ts';
import { assert } from '../support/failure.ts';
import { SeededRandom } from '../support/random.ts';
import { BatchMaker } from './batch-maker.ts';
import { buildNetwork, extractLayers, loadLayers } from './network.ts';

/** Rows in a batch, at most and at least. */
const LARGEST_BATCH = 1024;
const SMALLEST_BATCH = 64;
/** Batches in a pass, where there are rows enough: fewer do not get a network far, so that those of a short trace are small. */
const FEWEST_STEPS = 50;

function batchSize(rows: number): number {
  return Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, Math.ceil(rows / FEWEST_STEPS)));
}

/** One array of numbers that learning changes: weights, or what the optimizer remembers of their gradients. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All that a learner knows, as plain data: the weights of the network, then what the optimizer remembers. */
export interface LearnerState {
  readonly network: readonly Variable[];
  readonly optimizer: readonly Variable[];
}

/**
 * A network that is being fitted, one pass over its rows after the other. Between passes its state can be taken away and
 * brought back, which changes nothing of what it learns.
 */
export class Learner {
  private readonly network: tfl.Sequential;
  private readonly features: readonly FeatureEncoding[];
  private readonly seed: number;

  /**
   * @param spans outputs of the network
   * @param seed of the initial weights, of dropout and of the order of rows
   * @param start weights to go on from, in small steps, in place of random ones
   */
  constructor(
    features: readonly FeatureEncoding[],
    spans: number,
    seed: number,
    start?: { readonly layers: readonly DenseLayer[]; readonly learningRate: number },
  ) {
    this.network = buildNetwork(encodedWidth(features), spans, seed, start?.learningRate);
    if (start !== undefined) loadLayers(this.network, start.layers);
    this.features = features;
    this.seed = seed;
  }

  /** Batches in a pass over so many rows. */
  static steps(rows: number): number {
    return Math.ceil(rows / batchSize(rows));
  }

  /**
   * Goes over all rows once, in an order of its own for each pass. O(rows × weights).
   *
   * @param pass how many passes there were before
   * @param onStep told after every batch: how many there were, and the loss
   */
  async pass(
    matrix: FeatureMatrix,
    rows: TrainingRows,
    pass: number,
    onStep: (step: number, loss: number) => void,
  ): Promise<void> {
    const random = new SeededRandom(1000 * this.seed + pass);
    const count = rows.weights.length;
    const batches = new BatchMaker(matrix, this.features, rows, random, batchSize(count));
    const steps = Learner.steps(count);
    for (let step = 1; step <= steps; step++) {
      const { inputs, targets } = batches.next();
      const loss = await this.network.trainOnBatch(inputs, targets);
      tf.dispose([inputs, targets]);
      assert(typeof loss === 'number', 'training reports one loss');
      onStep(step, loss);
      // Signals and timers have their turn only between tasks; everything above may happen in one.
      await setImmediate();
    }
    // As if the training had been interrupted here: the optimizer's running products are set up anew when it goes on.
    await this.restore(await this.state());
  }

  /** The weights, in the order of the model file. */
  layers(): DenseLayer[] {
    return extractLayers(this.network);
  }

  async state(): Promise<LearnerState> {
    const network = this.network.getWeights().map((tensor, i) => variable(`weights ${i}`, tensor));
    const named = await this.network.optimizer.getWeights();
    const optimizer = named.map(({ name, tensor }) => variable(name, tensor));
    // What it counts steps with is made for this call; the others are its own.
    named[0]?.tensor.dispose();
    return { network, optimizer };
  }

  async restore({ network, optimizer }: LearnerState): Promise<void> {
    const weights = network.map(({ values, shape }) => tf.tensor(values, [...shape]));
    this.network.setWeights(weights);
    tf.dispose(weights);
    const named = optimizer.map(({ name, values, shape }) => ({
      name,
      tensor: tf.tensor(values, [...shape]),
    }));
    // What it remembered until now is forgotten, which the optimizer itself does not see to.
    const forgotten = await this.network.optimizer.getWeights();
    await this.network.optimizer.setWeights(named);
    tf.dispose([...named, ...forgotten].map(({ tensor }) => tensor));
  }

  dispose(): void {
    this.network.optimizer.dispose();
    this.network.dispose();
  }
}

function variable(name: string, tensor: tf.Tensor): Variable {
  return { name, shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) };
}
