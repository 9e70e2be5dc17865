import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { DenseLayer } from '../predictors/model.ts';

const HIDDEN = [64, 32];
const DROPOUT = 0.3;
const WEIGHT_DECAY = 1e-3;
/** Of a network that begins with random weights. */
const LEARNING_RATE = 2e-3;

/** Outputs of each layer of the network. */
export function layerOutputs(spans: number): number[] {
  return [...HIDDEN, spans];
}

/**
 * A two-layer perceptron with one logit for each span of a block's age: the chance that the block is requested in that
 * span, given that it was not before. The spans share what is learnt of the block. Dropout and weight decay are strong because the blocks of a request share most
 * of their features and their fate: there are only as many independent examples as requests.
 *
 * @param inputs number of inputs
 * @param spans number of outputs
 * @param seed of the initial weights and of dropout
 */
export function buildNetwork(
  inputs: number,
  spans: number,
  seed: number,
  learningRate = LEARNING_RATE,
): tfl.Sequential {
  const network = tfl.sequential();
  const layers = layerOutputs(spans);
  layers.forEach((units, layer) => {
    const last = layer === layers.length - 1;
    network.add(
      tfl.layers.dense({
        units,
        ...(layer === 0 ? { inputShape: [inputs] } : {}),
        ...(last ? {} : { activation: 'relu' as const }),
        kernelInitializer: tfl.initializers.heNormal({ seed: 100 * seed + layer }),
        kernelRegularizer: tfl.regularizers.l2({ l2: WEIGHT_DECAY }),
      }),
    );
    if (!last) network.add(tfl.layers.dropout({ rate: DROPOUT, seed: 100 * seed + 50 + layer }));
  });
  network.compile({
    optimizer: tf.train.adam(learningRate),
    loss: weightedCrossEntropy,
  });
  return network;
}

/**
 * Cross-entropy of the outcomes that are known. A target is the weight of its outcome, positive where the block came back
 * in the span and negative where it did not; 0 where nothing is known.
 */
function weightedCrossEntropy(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const weights = tf.abs(targets);
    // −log σ(logit) = softplus(−logit), −log(1 − σ(logit)) = softplus(logit)
    const losses = tf.softplus(tf.neg(tf.mul(tf.sign(targets), logits)));
    return tf.div(tf.sum(tf.mul(weights, losses)), tf.maximum(1e-6, tf.sum(weights)));
  });
}

/** Copies the weights out of a network, in the order of the model file. */
export function extractLayers(network: tfl.Sequential): DenseLayer[] {
  const arrays = network.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  return Array.from({ length: arrays.length / 2 }, (_, layer) => ({
    kernel: arrays[2 * layer],
    bias: arrays[2 * layer + 1],
  }));
}

/** Copies weights into a network, in the order of the model file. */
export function loadLayers(network: tfl.Sequential, layers: readonly DenseLayer[]): void {
  const arrays = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const weights = network.getWeights().map(({ shape }, i) => tf.tensor(arrays[i], shape));
  network.setWeights(weights);
  tf.dispose(weights);
}
