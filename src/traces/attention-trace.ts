/**
 * Attention traces: how much attention each step of an answer paid to each block of the KV cache. docs/formats.md describes
 * the file byte by byte.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure } from '../support/failure.ts';
import { writePieces } from '../support/write-file.ts';
import { withFile } from './content.ts';

/** Sequences in columns: each has a prompt, and steps that read one token each and look at all blocks so far. */
export interface AttentionTrace {
  readonly name: string;
  readonly blockTokens: number;
  /** Prompt length of each sequence in tokens, ≥ 1. Its step j = 0, 1, … looks at promptTokens + j + 1 tokens. */
  readonly promptTokens: Uint32Array;
  readonly steps: Uint32Array;
  /** The attention mass of each block in each step, head first, averaged over layers and heads; see `massOf`. */
  readonly mean: Uint8Array;
  /** The same, but the largest over layers and heads. */
  readonly largest: Uint8Array;
}

const MAGIC = Buffer.from('\x89KVMASS\n', 'latin1');
const VERSION = 1;
const HEAD_BYTES = 48;
const NO_MASS = 255;

/** Whether a file begins as an attention trace of any version does. */
export function isAttention(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC);
}

/** The share of the attention that a byte stands for: 2^(−byte/16), and 0 for 255, which is all below 2^−15.9. */
export function massOf(byte: number): number {
  return byte === NO_MASS ? 0 : 2 ** (-byte / 16);
}

/** How many blocks step `step` of a sequence looks at. */
export function blocksAt(
  { promptTokens, blockTokens }: AttentionTrace,
  sequence: number,
  step: number,
): number {
  return Math.ceil((promptTokens[sequence] + step + 1) / blockTokens);
}

/** Where each sequence begins in `mean` and `largest`, and the number of cells at the end. O(steps). */
export function firstCells(trace: Omit<AttentionTrace, 'mean' | 'largest'>): Float64Array {
  const first = new Float64Array(trace.steps.length + 1);
  trace.steps.forEach((steps, sequence) => {
    let cells = 0;
    for (let step = 0; step < steps; step++)
      cells += Math.ceil((trace.promptTokens[sequence] + step + 1) / trace.blockTokens);
    first[sequence + 1] = first[sequence] + cells;
  });
  return first;
}

/**
 * Reads an attention trace.
 *
 * @throws Failure naming the byte and the remedy, for a file that is none, of another version, damaged or truncated
 */
export function readAttention(path: string): AttentionTrace {
  const bytes = withFile(path, (file) => readFileSync(file));
  if (!isAttention(bytes))
    throw new Failure(`${path}: byte 0: no attention trace; give one made by the recorder`);
  if (bytes.length < HEAD_BYTES) throw damaged(path, bytes.length, 'the file ends within its head');
  if (bytes.readUInt32LE(8) !== VERSION)
    throw new Failure(
      `${path}: byte 8: version ${bytes.readUInt32LE(8)} of attention traces, this program knows version ${VERSION}; make the trace again`,
    );
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  head.writeUInt32LE(0, 12);
  if (crc32(head) !== bytes.readUInt32LE(12)) throw damaged(path, 0, 'the checksum of the head is wrong');
  const [blockTokens, sequences] = [bytes.readUInt32LE(16), bytes.readUInt32LE(20)];
  const cells = Number(bytes.readBigUInt64LE(24));
  const expected = HEAD_BYTES + 8 * sequences + 2 * cells;
  if (bytes.length !== expected)
    throw damaged(
      path,
      Math.min(bytes.length, expected),
      `the file has ${bytes.length} of ${expected} bytes`,
    );
  let at = HEAD_BYTES;
  const column = (name: string, length: number, checksumAt: number): Buffer => {
    const part = bytes.subarray(at, at + length);
    if (crc32(part) !== bytes.readUInt32LE(checksumAt))
      throw damaged(path, at, `the checksum of the column ${name} is wrong`);
    at += length;
    return part;
  };
  const lengths = column('promptTokens and steps', 8 * sequences, 32);
  const numbers = Uint32Array.from({ length: 2 * sequences }, (_, i) => lengths.readUInt32LE(4 * i));
  const trace = {
    name: basename(path),
    blockTokens,
    promptTokens: numbers.slice(0, sequences),
    steps: numbers.slice(sequences),
    mean: new Uint8Array(column('mean', cells, 36)),
    largest: new Uint8Array(column('largest', cells, 40)),
  };
  // Each step has a cell: what says otherwise is not counted out.
  const steps = trace.steps.reduce((sum, count) => sum + count, 0);
  if (steps > cells || firstCells(trace)[sequences] !== cells)
    throw damaged(path, 24, `the sequences do not have ${cells} cells`);
  return trace;
}

/** Writes an attention trace, whole or not at all. @throws Failure naming the path, if it cannot be written */
export function writeAttention(trace: AttentionTrace, path: string): void {
  const { blockTokens, promptTokens, steps, mean, largest } = trace;
  const lengths = Buffer.alloc(8 * steps.length);
  [...promptTokens, ...steps].forEach((number, i) => {
    lengths.writeUInt32LE(number, 4 * i);
  });
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt32LE(VERSION, 8);
  head.writeUInt32LE(blockTokens, 16);
  head.writeUInt32LE(steps.length, 20);
  head.writeBigUInt64LE(BigInt(mean.length), 24);
  [lengths, mean, largest].forEach((column, i) => {
    head.writeUInt32LE(crc32(column), 32 + 4 * i);
  });
  head.writeUInt32LE(crc32(head), 12);
  writePieces(path, [head, lengths, mean, largest]);
}

function damaged(path: string, byte: number, what: string): Failure {
  return new Failure(`${path}: byte ${byte}: damaged or truncated, ${what}; fetch or make the file again`);
}
