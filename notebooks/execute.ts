/**
 * Executes the notebooks in place, so that they are committed with the output of this state of the library.
 *
 *     npx tsx notebooks/execute.ts
 *
 * Needs `jupyter nbconvert` (Debian: jupyter-nbconvert) and Deno (npm: deno), which brings the kernel for TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Names of the notebooks, in the order in which they are read. */
export const NOTEBOOKS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ipynb'))
  .sort();

/**
 * Executes one notebook from its first cell to its last.
 *
 * @param name of a file of this folder
 * @param into folder for the executed notebook; this folder if absent
 * @param deno path of the executable
 * @returns what went wrong, where something did
 */
export function execute(name: string, into = FOLDER, deno = 'deno'): string | undefined {
  // Written here and not by `deno jupyter --install`, which writes to the home folder.
  const jupyter = mkdtempSync(join(tmpdir(), 'onebit-jupyter-'));
  const kernel = join(jupyter, 'kernels/deno');
  mkdirSync(kernel, { recursive: true });
  const argv = [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'];
  writeFileSync(
    join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'Deno', language: 'typescript' }),
  );
  try {
    const options = [
      'nbconvert',
      '--to',
      'notebook',
      '--execute',
      '--ExecutePreprocessor.record_timing=False',
    ];
    const { status, stderr, error } = spawnSync(
      'jupyter',
      [...options, '--output-dir', into, join(FOLDER, name)],
      {
        encoding: 'utf8',
        env: { ...process.env, JUPYTER_PATH: jupyter, NO_COLOR: '1' },
      },
    );
    return status === 0 ? undefined : (error?.message ?? stderr);
  } finally {
    rmSync(jupyter, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of NOTEBOOKS) {
    const failure = execute(name);
    console.log(failure === undefined ? `${name}: executed` : `${name}: ${failure}`);
    if (failure !== undefined) process.exitCode = 1;
  }
}
