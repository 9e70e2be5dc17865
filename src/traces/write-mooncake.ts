import { gzipSync } from 'node:zlib';
import { writeFile } from '../support/write-file.ts';
import { requestCount, type ServingTrace } from './serving-trace.ts';

/**
 * Writes a trace as Mooncake's JSON Lines, compressed if the path ends in `.gz`. Times are rounded to microseconds, and
 * `hash_ids` are the trace's own page numbers, so that reading a trace of whole milliseconds whose pages are numbered in
 * order of appearance gives back identical columns. The file appears whole or not at all. O(block accesses).
 *
 * @param path of the file; replaced if it exists
 * @throws Failure naming the path, if it cannot be written
 *
 * @example
 * writeMooncake(generateSessions(DEFAULT_SESSIONS, 1), 'generated.jsonl.gz');
 */
export function writeMooncake(trace: ServingTrace, path: string): void {
  const text = Array.from({ length: requestCount(trace) }, (_, r) => line(trace, r)).join('');
  writeFile(path, path.endsWith('.gz') ? gzipSync(text) : text);
}

function line(trace: ServingTrace, r: number): string {
  const request = {
    timestamp: Math.round(trace.time[r] * 1e6) / 1e3,
    input_length: trace.inputTokens[r],
    output_length: trace.outputTokens[r],
    hash_ids: [...trace.blocks.pages.subarray(trace.firstBlock[r], trace.firstBlock[r + 1])],
  };
  return `${JSON.stringify(request)}\n`;
}
