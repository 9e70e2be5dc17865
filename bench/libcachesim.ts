/**
 * libCacheSim, the reference in C, in the same run as ours: the package `libcachesim` of the Python Package Index, in a process
 * of its own. `npm run bench -- --libcachesim` installs it into bench/.libcachesim, which git ignores.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { nextRequests } from '../src/paging/belady.ts';
import type { RequestSequence } from '../src/paging/request-sequence.ts';
import { Failure } from '../src/support/failure.ts';

/** What libCacheSim has under our names. Belady's rule it is told the future for, as ours is. */
export const IN_C: readonly string[] = [
  ...['fifo', 'lru', 'clock', 'sieve', 'lfu', 'arc'],
  ...['slru', 'two-queue', 's3-fifo', 'lirs', 'belady'],
];

const VERSION = '0.3.5';
const FOLDER = fileURLToPath(new URL('./.libcachesim', import.meta.url));
const SCRIPT = fileURLToPath(new URL('./run_libcachesim.py', import.meta.url));

/**
 * Installs the package unless that has been done.
 *
 * @returns why that cannot be done, on one line; nothing if all is well
 */
export function installLibCacheSim(): string | undefined {
  if (existsSync(join(FOLDER, `libcachesim-${VERSION}.dist-info`))) return undefined;
  const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore', '--no-compile'];
  const target = ['--upgrade', '--target', FOLDER, `libcachesim==${VERSION}`];
  const pip = spawnSync('python3', ['-m', 'pip', 'install', ...quiet, ...target], { encoding: 'utf8' });
  if (pip.status === 0) return undefined;
  const reason = pip.error?.message ?? pip.stderr.trim().split('\n').at(-1);
  return `pip cannot install libcachesim ${VERSION}: ${reason}`;
}

/** What a run of libCacheSim counted, and how long it took on the processor. */
export interface RunInC {
  readonly faults: number;
  readonly seconds: number;
}

/** libCacheSim at work on one sequence, which stands in a file of its own until `close`. */
export class LibCacheSim {
  private readonly folder: string;
  private readonly path: string;
  private readonly process: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private complaint = '';

  /** The package must be installed. */
  constructor(sequence: RequestSequence) {
    this.folder = mkdtempSync(join(tmpdir(), 'onebit-libcachesim-'));
    this.path = join(this.folder, 'trace.oracleGeneral');
    writeRecords(this.path, sequence);
    const env = { ...process.env, PYTHONPATH: FOLDER };
    this.process = spawn('python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'], env });
    this.process.stderr?.setEncoding('utf8').on('data', (text) => {
      this.complaint += text;
    });
    const input = this.process.stdout as NodeJS.ReadableStream;
    this.answers = createInterface({ input })[Symbol.asyncIterator]();
  }

  /** @param policy one of `IN_C` */
  async run(policy: string, capacity: number): Promise<RunInC> {
    this.process.stdin?.write(`${policy} ${capacity} ${this.path}\n`);
    const { value, done } = await this.answers.next();
    if (done === true)
      throw new Failure(`libCacheSim has stopped: ${this.complaint.trim().split('\n').at(-1)}`);
    const [faults, seconds] = value.split(' ').map(Number);
    return { faults, seconds };
  }

  async close(): Promise<void> {
    const ended = this.process.exitCode === null ? once(this.process, 'exit') : undefined;
    this.process.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

const RECORD = 24;
const CHUNK = 1 << 16;

/** Writes 24 bytes a request: time, identifier, size, and the time of the next request or −1. */
function writeRecords(path: string, sequence: RequestSequence): void {
  const { pages } = sequence;
  const next = nextRequests(sequence);
  const file = openSync(path, 'w');
  const bytes = Buffer.alloc(RECORD * CHUNK);
  for (let from = 0; from < pages.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, pages.length);
    for (let i = from, at = 0; i < to; i++, at += RECORD) {
      bytes.writeUInt32LE(i, at);
      // Identifiers from 1 on: libCacheSim takes 0 for none.
      bytes.writeUInt32LE(pages[i] + 1, at + 4);
      bytes.writeUInt32LE(1, at + 12);
      bytes.writeInt32LE(next[i] === pages.length ? -1 : next[i], at + 16);
      bytes.writeInt32LE(next[i] === pages.length ? -1 : 0, at + 20);
    }
    writeSync(file, bytes, 0, RECORD * (to - from));
  }
  closeSync(file);
}
