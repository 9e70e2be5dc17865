import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { Failure } from '../../src/support/failure.ts';
import { attentionStatistics } from '../../src/traces/attention-statistics.ts';
import {
  type AttentionTrace,
  blocksAt,
  firstCells,
  massOf,
  readAttention,
  writeAttention,
} from '../../src/traces/attention-trace.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { hold } from '../arbitraries.ts';

/** A trace with the given prompts and steps, and any bytes. */
function traceOf(
  sequences: readonly (readonly [number, number])[],
  byte: (i: number) => number,
): AttentionTrace {
  const lengths = {
    name: 'x',
    blockTokens: 16,
    promptTokens: Uint32Array.from(sequences, ([prompt]) => prompt),
    steps: Uint32Array.from(sequences, ([, steps]) => steps),
  };
  const cells = firstCells(lengths)[sequences.length];
  return {
    ...lengths,
    mean: Uint8Array.from({ length: cells }, (_, i) => byte(i)),
    largest: Uint8Array.from({ length: cells }, (_, i) => byte(i + 7)),
  };
}

const small = traceOf(
  [
    [30, 4],
    [1, 1],
  ],
  (i) => (i * 37) % 256,
);

t.test('an attention trace reads as it was written', async (t) => {
  const path = join(t.testdir(), 'folder', 'x');
  const sequences = fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 20 })));
  hold(
    fc.property(sequences, fc.nat(), (given, factor) => {
      const trace = traceOf(given, (i) => (i * factor) % 256);
      writeAttention(trace, path);
      t.same(readAttention(path), trace);
    }),
  );
});

t.test('a step looks at all tokens up to its own', async (t) => {
  t.strictSame(
    [0, 1, 2, 3].map((step) => blocksAt(small, 0, step)),
    [2, 2, 3, 3],
  );
  t.strictSame([...firstCells(small)], [0, 10, 11]);
});

t.test('a byte stands for its share within a step of a sixteenth of a halving', async (t) => {
  t.equal(massOf(0), 1);
  t.equal(massOf(16), 0.5);
  t.equal(massOf(255), 0);
  for (let byte = 1; byte < 255; byte++) t.ok(massOf(byte) < massOf(byte - 1));
});

t.test('wherever a file ends or a bit is wrong, one line tells it', async (t) => {
  const path = join(t.testdir(), 'x');
  writeAttention(small, path);
  const bytes = readFileSync(path);
  for (let length = 0; length < bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length));
    t.throws(() => readAttention(path), { name: 'Failure', message: /^[^\n]+x: byte \d+: [^\n]+; [^\n]+$/ });
  }
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] ^= 1 << (bit & 7);
    writeFileSync(path, changed);
    t.throws(() => readAttention(path), { name: 'Failure', message: /^[^\n]+x: byte \d+: [^\n]+; [^\n]+$/ });
  }
  t.throws(() => readAttention(join(path, 'absent')), Failure);
});

t.test('an attention trace is not taken for a trace of requests', async (t) => {
  const path = join(t.testdir(), 'x');
  writeAttention(small, path);
  t.throws(() => readTrace(path), { name: 'Failure', message: /onebit trace stats/ });
});

t.test('the statistics are those of a trace counted by hand', async (t) => {
  // Two steps of four blocks: masses 1/2, 1/4, 1/8, 1/8 and then 1/4, 1/4, 1/4, 1/4.
  const bytes = [16, 32, 48, 48, 32, 32, 32, 32];
  const trace = traceOf([[50, 2]], (i) => bytes[i]);
  const facts = attentionStatistics(trace);
  t.match(facts, { sequences: 1, steps: 2, cells: 8, promptTokens: 50, blocksPerStep: 4, needed: 4 });
  t.match(facts, { firstBlock: 0.375, lastBlocks: 0.625, bestFifth: 0.375, bestHalf: 0.625 });
  t.equal(attentionStatistics(traceOf([], () => 0)).firstBlock, 0);
});
