/** Columnar files: how fast they are read, and how much memory a run takes that reads one piece by piece. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestSequence } from '../src/paging/request-sequence.ts';
import { Failure } from '../src/support/failure.ts';
import { readColumnar, streamPages } from '../src/traces/columnar.ts';
import { PageColumns } from '../src/traces/page-columns.ts';
import { PagesWriter } from '../src/traces/write-columnar.ts';
import { zipfSequence } from '../src/traces/zipf.ts';
import type { Size } from './benchmark.ts';

export interface FileMeasurement {
  readonly requests: number;
  /** Million requests a second of processor time, fastest of the rounds: the whole file with its checksums, … */
  readonly load: number;
  /** … its bytes into fresh memory and nothing else, … */
  readonly bytes: number;
  /** … and its pages piece by piece with their checksum. */
  readonly stream: number;
  /** Most resident memory in MB of a process that shows its help, and of two that read the pages of `longRequests`. */
  readonly idleMemory: number;
  readonly streamMemory: number;
  readonly sampleMemory: number;
  readonly longRequests: number;
}

/** The file of which the memory is measured holds the requests so many times. */
const COPIES = 3;
const CHUNK = 1 << 18;
const LARGEST_READ = 1 << 18;

/** Measures the requests of a size, in files that are made for it and removed. */
export function measureFiles({ requests, pages, capacity, rounds }: Size): FileMeasurement {
  const folder = mkdtempSync(join(tmpdir(), 'onebit-bench-'));
  const [path, long] = ['one', 'long'].map((name) => join(folder, `${name}.onebit`));
  try {
    const sequence = zipfSequence(requests, pages, 1, 1);
    write(path, sequence, 1);
    write(long, sequence, COPIES);
    const stream = ['compare', long, '--stream', '--policy', 'lru', '--capacity', String(capacity)];
    const sample = ['curve', long, '--sample', '10000', '--capacity', String(capacity)];
    const speed = (use: () => unknown) => requests / 1e6 / leastSeconds(use, rounds);
    return {
      requests,
      load: speed(() => readColumnar(path)),
      bytes: speed(() => readBytes(path)),
      stream: speed(() => {
        for (const _ of streamPages(path).chunks());
      }),
      idleMemory: peakMemory(['--help']),
      streamMemory: peakMemory(stream),
      sampleMemory: peakMemory(sample),
      longRequests: COPIES * requests,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(path: string, { pages, pageCount }: RequestSequence, copies: number): void {
  const writer = new PagesWriter(path);
  const columns = new PageColumns();
  let second = 0;
  for (let copy = 0; copy < copies; copy++) {
    for (let from = 0; from < pages.length; from += CHUNK) {
      columns.clear();
      for (const page of pages.subarray(from, from + CHUNK)) columns.add(page, second++);
      writer.append(columns);
    }
  }
  writer.finish(pageCount);
  writer.close();
}

function leastSeconds(use: () => unknown, rounds: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    use();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

function readBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(statSync(path).size);
  const file = openSync(path, 'r');
  for (let at = 0; at < bytes.length; )
    at += readSync(file, bytes, at, Math.min(LARGEST_READ, bytes.length - at), at);
  closeSync(file);
  return bytes;
}

/** In MB. */
function peakMemory(command: readonly string[]): number {
  const script = fileURLToPath(new URL('./peak-memory.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script, ...command], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Failure(`onebit ${command.join(' ')}: ${stderr.trim()}`);
  return (Number(stderr.trim().split('\n').at(-1)) * 1024) / 1e6;
}
