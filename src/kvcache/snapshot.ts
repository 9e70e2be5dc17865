import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { Failure } from '../support/failure.ts';
import type { GraphState } from '../support/graph-state.ts';
import { writeFile } from '../support/write-file.ts';
import type { BlockManager } from './block-manager.ts';

/** A file is these eight bytes, the version, the SHA-256 of what follows, and the state as `v8.serialize` writes it. */
const MAGIC = Buffer.from('onebitkv');
const VERSION = 1;
const DIGEST_AT = MAGIC.length + 4;
const STATE_AT = DIGEST_AT + 32;

interface Snapshot {
  readonly capacity: number;
  readonly state: GraphState;
}

/**
 * Writes the state of a manager to a file: which blocks are resident, pinned and retained, and all that the policy
 * remembers, its coins included. O(capacity); the file appears whole or not at all.
 *
 * @throws Failure where the file cannot be written
 */
export function writeSnapshot(path: string, manager: BlockManager): void {
  const snapshot: Snapshot = { capacity: manager.capacity, state: manager.state.save() };
  const state = serialize(snapshot);
  const version = Buffer.alloc(4);
  version.writeUInt32LE(VERSION);
  writeFile(path, Buffer.concat([MAGIC, version, digest(state), state]));
}

/**
 * Brings a manager to the state that a file holds; every later decision is the one that the saved manager would have made.
 * A lease is plain data: one that was held then is good again.
 *
 * @param manager freshly made with the same settings
 * @throws Failure, with the manager unchanged, where the file is damaged, of another version, or of another manager
 */
export function readSnapshot(path: string, manager: BlockManager): void {
  const bytes = contentOf(path);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length < STATE_AT)
    throw new Failure(`${path}: not a snapshot of a cache; name a file that writeSnapshot has written`);
  const version = bytes.readUInt32LE(MAGIC.length);
  if (version !== VERSION)
    throw new Failure(
      `${path}: snapshot version ${version}, this program reads ${VERSION}; start with an empty cache`,
    );
  const state = bytes.subarray(STATE_AT);
  if (!digest(state).equals(bytes.subarray(DIGEST_AT, STATE_AT)))
    throw new Failure(`${path}: the snapshot is damaged or truncated; start with an empty cache`);
  const snapshot = deserialize(state) as Snapshot;
  if (snapshot.capacity !== manager.capacity)
    throw new Failure(
      `${path}: a cache of ${snapshot.capacity} blocks cannot be restored into one of ${manager.capacity}; use the same capacity`,
    );
  if (!manager.state.fits(snapshot.state))
    throw new Failure(`${path}: the snapshot is that of a cache with another policy; use the same policy`);
  manager.state.restore(snapshot.state);
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`${path}: cannot be read (${(error as Error).message}); check the path`);
  }
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
