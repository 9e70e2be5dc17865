/** The trace that the package carries. */
import { fileURLToPath } from 'node:url';
import { readColumnar } from './columnar.ts';
import type { ServingTrace } from './serving-trace.ts';

/** Beside both `src` and `dist`. */
const FILE = new URL('../../traces/smollm2-135m-cpu.onebit', import.meta.url);

/**
 * The trace that stands in where none is given: requests of chats, questions about documents, agents and errands that SmolLM2-135M
 * answered on a CPU, in blocks of 16 tokens. traces/README.md tells how it was recorded. Its name says where, so that every
 * table and figure does.
 *
 * @throws Failure if the file that comes with the package is missing or damaged
 *
 * @example
 * embeddedTrace().name; // 'SmolLM2-135M recorded on a CPU'
 */
export function embeddedTrace(): ServingTrace {
  return { ...readColumnar(fileURLToPath(FILE)), name: 'SmolLM2-135M recorded on a CPU' };
}
