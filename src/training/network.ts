import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { DenseLayer } from '../predictors/model.ts';

const HIDDEN = [64, 32];
const DROPOUT = 0.3;
const WEIGHT_DECAY = 1e-3;
const LEARNING_RATE = 2e-3;

/** Outputs of each layer of the network. */
export const LAYERS: readonly number[] = [...HIDDEN, 1];

/**
 * A two-layer perceptron with one logit. Dropout and weight decay are strong because the blocks of a request share most
 * of their features and their fate: there are only as many independent examples as requests.
 *
 * @param inputs number of inputs
 * @param seed of the initial weights and of dropout
 */
export function buildNetwork(inputs: number, seed: number): tfl.Sequential {
  const network = tfl.sequential();
  LAYERS.forEach((units, layer) => {
    const last = layer === LAYERS.length - 1;
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
    optimizer: tf.train.adam(LEARNING_RATE),
    loss: (labels: tf.Tensor, logits: tf.Tensor) => tf.losses.sigmoidCrossEntropy(labels, logits),
  });
  return network;
}

/** Copies the weights out of a network, in the order of the model file. */
export function extractLayers(network: tfl.Sequential): DenseLayer[] {
  const arrays = network.getWeights().map((tensor) => Float32Array.from(tensor.dataSync()));
  return LAYERS.map((_, layer) => ({ kernel: arrays[2 * layer], bias: arrays[2 * layer + 1] }));
}
