/**
 * Where an interrupted training goes on: a file beside the model file, written after every pass, validated data as the model
 * file is. One line of JSON, a newline, then the numbers of all variables as little-endian 32-bit floats.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from '../support/write-file.ts';
import type { LearnerState, Variable } from './learner.ts';

/** What the passes over the earlier training requests have come to so far. */
export interface Checkpoint {
  /** What is trained on what; a training goes on only from its own checkpoint. */
  readonly training: string;
  /** Loss on the held-out requests after each pass. */
  readonly losses: readonly number[];
  readonly latest: LearnerState;
  /** After the pass of the lowest loss. */
  readonly best: LearnerState;
}

/** Keeps the checkpoint of one training. */
export interface CheckpointStore {
  /** The checkpoint of this training, if there is one. */
  read(training: string): Checkpoint | undefined;
  write(checkpoint: Checkpoint): void;
  /** The training is done. */
  clear(): void;
}

/** Nothing is kept: what was not finished is lost. */
export const NOTHING_KEPT: CheckpointStore = { read: () => undefined, write() {}, clear() {} };

/** One file; what is there of another training, or damaged, counts as nothing. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    read: (training) => (existsSync(path) ? decode(readFileSync(path), training) : undefined),
    write: (checkpoint) => writeFile(path, encode(checkpoint)),
    clear: () => rmSync(path, { force: true }),
  };
}

/** The four lists of variables in the order of the file. */
const lists = ({ latest, best }: Checkpoint): (readonly Variable[])[] => [
  latest.network,
  latest.optimizer,
  best.network,
  best.optimizer,
];

function encode(checkpoint: Checkpoint): Buffer {
  const { training, losses } = checkpoint;
  const variables = lists(checkpoint).map((list) => list.map(({ name, shape }) => ({ name, shape })));
  const numbers = lists(checkpoint).flatMap((list) => list.map(({ values }) => values));
  const bytes = numbers.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  return Buffer.concat([Buffer.from(`${JSON.stringify({ training, losses, variables })}\n`), ...bytes]);
}

function decode(file: Buffer, training: string): Checkpoint | undefined {
  const end = file.indexOf(10);
  // A checkpoint of another training need not be understood; one of this training was written whole by this program.
  const own = Buffer.from(`{"training":${JSON.stringify(training)},`);
  if (end < 0 || !file.subarray(0, own.length).equals(own)) return undefined;
  const { losses, variables } = JSON.parse(file.subarray(0, end).toString('utf8'));
  let at = end + 1;
  const take = ({ name, shape }: Variable): Variable => {
    const length = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length }, (_, i) => file.readFloatLE(at + 4 * i));
    at += 4 * length;
    return { name, shape, values };
  };
  const [network, optimizer, bestNetwork, bestOptimizer] = variables.map((list: Variable[]) =>
    list.map(take),
  );
  return {
    training,
    losses,
    latest: { network, optimizer },
    best: { network: bestNetwork, optimizer: bestOptimizer },
  };
}
