import { createHash } from 'node:crypto';
import type { ServingTrace } from './serving-trace.ts';

/**
 * A fingerprint of what a predictor can see of a trace: 16 hexadecimal digits of SHA-256 over its columns, whatever the
 * file format was. O(accesses).
 */
export function traceChecksum(trace: ServingTrace): string {
  const hash = createHash('sha256');
  const columns = [trace.blocks.pages, trace.firstBlock, trace.time, trace.inputTokens, trace.outputTokens];
  for (const column of columns)
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex').slice(0, 16);
}
