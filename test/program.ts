import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = join(process.cwd(), 'dist/cli/main.js');

/**
 * What `env` is told to run the program: as built, which is what users run, unless a source is newer; and without what tap puts into each
 * process that a test starts, which takes longer to load than the program.
 */
export const PROGRAM: readonly string[] = [
  '-u',
  'NODE_OPTIONS',
  process.execPath,
  ...(isBuilt()
    ? [BUILT]
    : [
        '--import',
        join(process.cwd(), 'node_modules/tsx/dist/loader.mjs'),
        join(process.cwd(), 'src/cli/main.ts'),
      ]),
];

function isBuilt(): boolean {
  const built = statSync(BUILT, { throwIfNoEntry: false });
  if (built === undefined) return false;
  return readdirSync('src', { recursive: true, encoding: 'utf8' }).every(
    (file) => statSync(join('src', file)).mtimeMs <= built.mtimeMs,
  );
}
