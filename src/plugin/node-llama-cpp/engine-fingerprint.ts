import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure } from '../../support/failure.ts';
import type { EngineContext, EngineSequence } from './engine.ts';

/** Pieces of the model file that are read; a model that was trained further differs in all of them. */
const PIECES = 64;
const PIECE_BYTES = 4096;
/** Of the manifests; files of another layout are foreign too. */
const LAYOUT = 1;

/**
 * Tells states of different models and engines apart, because the engine itself does not: it may crash on a foreign state, or
 * go on with wrong numbers. From the model file's size and 64 pieces spread over it, the types of the KV cache and the release of
 * llama.cpp. Reads 256 KiB.
 *
 * @param modelPath the GGUF file that the context's model was loaded from
 * @returns 16 hexadecimal digits
 * @throws Failure where the file cannot be read
 */
export function engineFingerprint(modelPath: string, context: EngineContext<EngineSequence>): string {
  const hash = createHash('sha256');
  const { kvCacheKeyType, kvCacheValueType, model } = context;
  hash.update(`${LAYOUT} ${kvCacheKeyType} ${kvCacheValueType} ${model.llama.llamaCppRelease.release} `);
  let file = -1;
  try {
    file = openSync(modelPath, 'r');
    const { size } = fstatSync(file);
    const piece = Buffer.alloc(PIECE_BYTES);
    hash.update(`${size} `);
    for (let i = 0; i < PIECES; i++) {
      const at = Math.floor((i * Math.max(0, size - PIECE_BYTES)) / (PIECES - 1));
      hash.update(piece.subarray(0, readSync(file, piece, 0, PIECE_BYTES, at)));
    }
  } catch (error) {
    throw new Failure(
      `${modelPath}: cannot be read (${(error as Error).message}); name the file that the model was loaded from`,
    );
  } finally {
    if (file >= 0) closeSync(file);
  }
  return hash.digest('hex').slice(0, 16);
}
