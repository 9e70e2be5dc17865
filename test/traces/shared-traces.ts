import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/traces', import.meta.url));

/** The path of a public trace kept beside the repository. */
export function sharedTrace(name: string): string {
  return join(FOLDER, name);
}

/** The options of a test that needs a public trace: it is skipped, and says why, where the file is missing. */
export function missing(name: string): { skip: string | false } {
  return { skip: existsSync(sharedTrace(name)) ? false : `shared/traces/${name} is missing` };
}
