import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure, oneLine } from './failure.ts';

/**
 * What a TypeScript or JavaScript file of the user exports.
 *
 * @throws Failure in one line for a file that does not compile, or throws when it is loaded
 */
export async function importFile(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(resolve(file)).href;
  try {
    if (!/\.[cm]?ts$/.test(file)) return await import(url);
    const { tsImport } = await import('tsx/esm/api');
    return await tsImport(url, import.meta.url);
  } catch (error) {
    throw new Failure(`${file}: ${reason(error)}`);
  }
}

/** esbuild says “Transform failed with 1 error:” and then where: the place is what the reader needs. */
function reason(error: unknown): string {
  const text = oneLine(error);
  const place = text.match(
    /Transform failed with \d+ errors?: (?:.*?[/\\])?[^/\\]*?:(\d+):(\d+): ERROR: (.*)/,
  );
  if (place) return `does not compile: line ${place[1]}, column ${Number(place[2]) + 1}: ${place[3]}`;
  if (error instanceof SyntaxError) return `does not compile: ${error.message}`;
  return `cannot be loaded: ${text}`;
}
