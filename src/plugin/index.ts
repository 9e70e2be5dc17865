/**
 * What stands beside a serving engine: the gateway in front of it, and policies frozen for it. Loads no TensorFlow.js. The
 * session cache for node-llama-cpp is an entry of its own, `onebit/plugin/node-llama-cpp`.
 */
export { type FrozenPolicy, freezePolicy } from './frozen-policy.ts';
export { Gateway, type GatewaySettings } from './gateway/gateway.ts';
export type { PredictorSettings } from './gateway/predictor-messages.ts';
