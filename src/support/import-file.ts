import { existsSync } from 'node:fs';
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
  if (!existsSync(file)) throw new Failure(`${file}: cannot be read (ENOENT); check the path`);
  try {
    const module = /\.[cm]?ts$/.test(file)
      ? await (await import('tsx/esm/api')).tsImport(url, import.meta.url)
      : await import(url);
    // Where no package.json says "type": "module", what the file exports comes wrapped as a CommonJS module.
    return module.default?.__esModule === true ? module.default : module;
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
  // Node goes on with the files that it came from.
  return `cannot be loaded: ${text.replace(/ Require stack:.*/, '')}`;
}
