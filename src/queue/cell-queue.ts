/** What submitters and workers agree on: the name of the queue, its jobs, and how traces travel. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { nextRequests } from '../paging/belady.ts';
import type { Cell, Workload } from '../simulator/cell.ts';
import { sourceFingerprint } from '../support/source-fingerprint.ts';

/** One cell, and the checksum of the workload that it is run on. */
export interface CellJob {
  readonly workload: string;
  readonly cell: Cell;
}

/** A cell whose workers have died so many times has failed: it may be what they died of. */
export const MOST_DEATHS = 3;

/** What travels of a workload; the rest follows from it. */
type Packed = Omit<Workload, 'next'>;

/** For so many seconds a workload stays on the server after it was last submitted or fetched, a week. */
const KEPT = 7 * 24 * 3600;

const RUNNER = new URL(`../simulator/cell${extname(import.meta.url)}`, import.meta.url);

/**
 * The name of the queue. It holds the fingerprint of all code that decides what a cell comes to, so that a worker of another
 * version never takes a cell.
 */
export function queueName(): string {
  return `onebit-${sourceFingerprint([RUNNER])}`;
}

/** A workload as it travels, and the checksum it goes by. */
export function packWorkload({ next: _, ...workload }: Workload): { checksum: string; bytes: Buffer } {
  const packed: Packed = workload;
  const plain = serialize(packed);
  return { checksum: checksumOf(plain), bytes: gzipSync(plain, { level: 1 }) };
}

/** Leaves a workload on the server, unless it is there. */
export async function submitWorkload(redis: Redis, checksum: string, bytes: Buffer): Promise<void> {
  await redis.set(keyOf(checksum), bytes, 'EX', KEPT, 'NX');
}

/** @throws Error if the server has no such workload, or has other bytes under its checksum */
export async function fetchWorkload(redis: Redis, checksum: string): Promise<Workload> {
  const bytes = await redis.getexBuffer(keyOf(checksum), 'EX', KEPT);
  if (bytes === null) throw new Error(`the server has lost trace ${checksum}; submit the sweep again`);
  const plain = gunzipSync(bytes);
  if (checksumOf(plain) !== checksum) throw new Error(`trace ${checksum} is damaged on the server`);
  const packed = deserialize(plain) as Packed;
  return { ...packed, next: nextRequests(packed.sequence) };
}

function keyOf(checksum: string): string {
  return `onebit:workload:${checksum}`;
}

function checksumOf(plain: Uint8Array): string {
  return createHash('sha256').update(plain).digest('hex').slice(0, 32);
}
