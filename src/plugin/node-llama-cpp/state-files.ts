/**
 * The files of saved sequences in one folder. A state is a file that the engine writes, and a manifest of one line of JSON beside
 * it, which names it with its length and SHA-256. The manifest appears last, and whole: without it a state counts as not written.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../support/failure.ts';
import { writeFile } from '../../support/write-file.ts';
import type { Complaints } from './complaints.ts';
import type { EngineSequence } from './engine.ts';

const FORMAT = 'onebit session state';
const VERSION = 1;

interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Name of the state's file in the same folder. */
  readonly state: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A state that is there: the conversation's key, and its length in bytes. */
export interface SavedState {
  readonly key: string;
  readonly bytes: number;
}

export class StateFiles {
  private readonly folder: string;
  private readonly fingerprint: string;
  private readonly complaints: Complaints;
  private serial = 0;

  /**
   * @param folder made if missing; for this cache alone
   * @param fingerprint of the engine; states of another one are left alone
   * @throws Failure where the folder cannot be used, or another process that runs has it
   */
  constructor(folder: string, fingerprint: string, complaints: Complaints) {
    this.folder = folder;
    this.fingerprint = fingerprint;
    this.complaints = complaints;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new Failure(`${folder}: cannot be made (${(error as Error).message}); choose another folder`);
    }
    this.lock();
  }

  /** The states that are there, the oldest first. What a crash left half-written is removed. */
  scan(): SavedState[] {
    const names = readdirSync(this.folder);
    const found: (SavedState & { state: string; age: number })[] = [];
    for (const name of names) {
      const [, key, fingerprint] = /^([0-9a-f]{32})-([0-9a-f]{16})\.json$/.exec(name) ?? [];
      if (key === undefined) continue;
      if (fingerprint !== this.fingerprint) this.foreign(name);
      else {
        const manifest = this.manifest(key);
        const age = statSync(join(this.folder, name)).mtimeMs;
        if (manifest !== undefined) found.push({ key, bytes: manifest.bytes, state: manifest.state, age });
      }
    }
    const wanted = new Set(found.map(({ state }) => state));
    for (const name of names) {
      // Only what this engine wrote and no manifest names.
      const own = name.includes(`-${this.fingerprint}.`) && !name.endsWith('.json');
      if (own && !wanted.has(name)) rmSync(join(this.folder, name), { force: true });
    }
    return found.sort((a, b) => a.age - b.age).map(({ key, bytes }) => ({ key, bytes }));
  }

  /**
   * Saves a sequence. A state of the same conversation that was there is replaced.
   *
   * @param fits asked with the length in bytes before the state counts as saved; may remove others
   * @returns the length, or `undefined` where it did not fit
   * @throws Error where the engine or the disk fails; nothing is left behind
   */
  async save(
    key: string,
    sequence: EngineSequence,
    fits: (bytes: number) => boolean,
  ): Promise<number | undefined> {
    const state = `${key}-${this.fingerprint}.${process.pid}-${this.serial++}.state`;
    const partial = join(this.folder, `${state}.partial`);
    try {
      await sequence.saveStateToFile(partial);
      const bytes = statSync(partial).size;
      if (!fits(bytes)) return undefined;
      const sha256 = await digest(partial);
      const manifest: Manifest = { format: FORMAT, version: VERSION, state, bytes, sha256 };
      this.remove(key);
      renameSync(partial, join(this.folder, state));
      writeFile(this.manifestPath(key), `${JSON.stringify(manifest)}\n`);
      return bytes;
    } catch (error) {
      rmSync(join(this.folder, state), { force: true });
      throw error;
    } finally {
      rmSync(partial, { force: true });
    }
  }

  /**
   * Loads a sequence if its state is there and whole.
   *
   * @returns whether it was loaded; the sequence was not touched where not
   * @throws Error where the engine refuses the state; the sequence is then in doubt
   */
  async load(key: string, sequence: EngineSequence): Promise<boolean> {
    const manifest = this.manifest(key);
    if (manifest === undefined) return false;
    const path = join(this.folder, manifest.state);
    if ((await digest(path)) !== manifest.sha256) {
      this.damaged(key, manifest.state, 'differs from what was written');
      return false;
    }
    await sequence.loadStateFromFile(path, { acceptRisk: true });
    return true;
  }

  /** Removes what was saved of a conversation, if anything was. */
  remove(key: string): void {
    const manifest = this.read(key);
    rmSync(this.manifestPath(key), { force: true });
    if (manifest !== undefined) rmSync(join(this.folder, manifest.state), { force: true });
  }

  /** Lets go of the folder. */
  close(): void {
    rmSync(this.lockPath(), { force: true });
  }

  /** One process a folder: the lock holds its number, and is taken over from one that runs no more. */
  private lock(): void {
    let owner = Number.NaN;
    try {
      owner = Number(readFileSync(this.lockPath(), 'utf8'));
    } catch {
      // Not locked.
    }
    if (owner !== process.pid && isRunning(owner)) {
      throw new Failure(
        `${this.folder}: is in use by process ${owner}; give each process a folder of its own, or delete ${this.lockPath()}`,
      );
    }
    writeFile(this.lockPath(), `${process.pid}`);
  }

  private lockPath(): string {
    return join(this.folder, 'lock');
  }

  private manifestPath(key: string): string {
    return join(this.folder, `${key}-${this.fingerprint}.json`);
  }

  /** A manifest that is sound and whose state has the right length. */
  private manifest(key: string): Manifest | undefined {
    const manifest = this.read(key);
    if (manifest === undefined) {
      this.damaged(key, `${key}-${this.fingerprint}.json`, 'is no manifest of a state');
      return undefined;
    }
    const size = statSync(join(this.folder, manifest.state), { throwIfNoEntry: false })?.size;
    if (size === manifest.bytes) return manifest;
    this.damaged(
      key,
      manifest.state,
      size === undefined ? 'is missing' : `has ${size} bytes, not ${manifest.bytes}`,
    );
    return undefined;
  }

  private read(key: string): Manifest | undefined {
    try {
      const manifest = JSON.parse(readFileSync(this.manifestPath(key), 'utf8'));
      return isSound(manifest) ? manifest : undefined;
    } catch {
      return undefined;
    }
  }

  private damaged(key: string, file: string, how: string): void {
    this.remove(key);
    this.complaints.add(
      'damaged state',
      `${join(this.folder, file)}: ${how}; it was removed and its conversation starts anew: ` +
        'look for a full or failing disk, or for another program that writes there',
    );
  }

  private foreign(file: string): void {
    this.complaints.add(
      'foreign state',
      `${join(this.folder, file)}: was saved by another model, engine release or KV cache type and is ignored; ` +
        'delete it, or give each model a folder of its own',
    );
  }
}

function isSound(manifest: Partial<Manifest> | null): manifest is Manifest {
  return (
    manifest?.format === FORMAT &&
    manifest.version === VERSION &&
    typeof manifest.state === 'string' &&
    /^[\w.-]+\.state$/.test(manifest.state) &&
    Number.isSafeInteger(manifest.bytes) &&
    typeof manifest.sha256 === 'string'
  );
}

/** SHA-256 of a file, read in pieces. */
async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}

function isRunning(process_: number): boolean {
  if (!Number.isSafeInteger(process_) || process_ <= 0) return false;
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
