/** The recorder with PyTorch: its decoder against the reference, and runs that are killed, refused and continued. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

const RECORDER = 'experiments/gpu-trace';
/** What PyTorch with its libraries takes. */
const INSTALLED_BYTES = 8e9;

t.setTimeout(900_000);
/** An installation of gigabytes happens only where it is asked for. */
const mayInstall = process.env.ONEBIT_INSTALL_PYTORCH !== undefined;
const python = findPython() ?? (mayInstall ? await install() : undefined);
for (const name of ['test_decoder.py', 'test_record.py']) {
  t.test(
    name,
    { skip: python === undefined && 'PyTorch is missing; ONEBIT_INSTALL_PYTORCH=1 installs it (5.6 GB)' },
    async (t) => {
      const { code, output } = await run(python ?? '', [join(RECORDER, name)]);
      t.equal(code, 0, output);
    },
  );
}

/** A Python that has what the recorder needs. */
function findPython(): string | undefined {
  const candidates = ['python3', inEnvironment('python')];
  const needed = 'import torch, transformers, gguf, tokenizers';
  return candidates.find((candidate) => spawnSync(candidate, ['-c', needed]).status === 0);
}

async function install(): Promise<string | undefined> {
  const { bavail, bsize } = statfsSync(tmpdir());
  if (bavail * bsize < INSTALLED_BYTES) return undefined;
  if (!existsSync(inEnvironment('pip'))) await run('python3', ['-m', 'venv', environment()]);
  const { code } = await run(inEnvironment('pip'), ['install', '-q', '-r', `${RECORDER}/requirements.txt`]);
  return code === 0 ? inEnvironment('python') : undefined;
}

/** Kept between runs. */
function environment(): string {
  return join(tmpdir(), 'onebit-recorder-environment');
}

function inEnvironment(program: string): string {
  return join(environment(), 'bin', program);
}

function run(command: string, given: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, given, { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
