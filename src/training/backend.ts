/**
 * TensorFlow.js on the fastest backend that loads here: the native one of `tfjs-node` where it is installed and its
 * binding works, else WebAssembly. The native package is optional: it may be missing, or present without its binding
 * (its install step downloads a library; its last release fails on Node 23 and later), and either way training goes on.
 */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';

/** Loads the native package, which registers its backend `tensorflow`. */
async function importNative(): Promise<void> {
  // The name stands in a variable so that the compiler does not ask for a package that may be absent.
  const native = '@tensorflow/tfjs-node';
  await import(native);
}

/**
 * Makes a backend ready.
 *
 * @param loadNative how the native package is loaded; a parameter so that its failures can be tested
 * @returns the name of the backend in use, `tensorflow` or `wasm`
 */
export async function prepareBackend(loadNative: () => Promise<void> = importNative): Promise<string> {
  try {
    await loadNative();
    if (await tf.setBackend('tensorflow')) return 'tensorflow';
  } catch {
    // Absent or broken: WebAssembly does the same work, only slower.
  }
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${sep}`);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf.getBackend();
}
