import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Where results come from: enough to run them again, and to judge their timings. */
export interface Origin {
  /** When the process began, ISO 8601 in UTC. */
  readonly started: string;
  /** The command as it must be typed to run it again. */
  readonly command: string;
  /** Of this package. */
  readonly version: string;
  /** Commit of its sources, with `+` where files have changed since; `null` outside a checkout. */
  readonly commit: string | null;
  /** Version of Node.js. */
  readonly node: string;
  /** Versions of the libraries that decide what a trained model comes to, as far as they are installed. */
  readonly libraries: Readonly<Record<string, string>>;
  /** Kind of machine: processor, cores, memory, system. */
  readonly machine: string;
}

const LIBRARIES = ['core', 'layers', 'backend-cpu', 'backend-wasm', 'node'].map(
  (name) => `@tensorflow/tfjs-${name}`,
);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The origin of what this process computes. Takes some 20 ms, for git.
 *
 * @param command that is running
 */
export function origin(command: string): Origin {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    started: new Date().toISOString(),
    command,
    version,
    commit: commit(),
    node: process.versions.node,
    libraries: libraries(),
    machine: `${processors[0]?.model ?? 'unknown processor'} × ${processors.length}, ${memory} GiB, ${process.platform} ${process.arch}`,
  };
}

/** Reads their descriptions; none of them is loaded. */
function libraries(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versions: Record<string, string> = {};
  for (const name of LIBRARIES) {
    try {
      versions[name] = require(`${name}/package.json`).version;
    } catch {
      // Optional, and not here.
    }
  }
  return versions;
}

function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', ROOT, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    // Inside somebody else's repository, as in node_modules, its commit says nothing of these sources.
    if (git('rev-parse', '--show-prefix') !== '') return null;
    return git('describe', '--always', '--dirty=+', '--exclude=*', '--abbrev=12');
  } catch {
    return null;
  }
}
