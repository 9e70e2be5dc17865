import { serialize } from 'node:v8';
import t from 'tap';
import { blockFeatures, FEATURE_NAMES } from '../../src/features/block-features.ts';
import { RecentRows } from '../../src/features/recent-rows.ts';
import { trainingRows } from '../../src/features/training-rows.ts';
import { generateSessions } from '../../src/traces/session-generator.ts';
import { DEFAULT_SESSIONS } from '../../src/traces/session-parameters.ts';

const trace = generateSessions({ ...DEFAULT_SESSIONS, requests: 400 }, 2);
const { firstBlock, blocks, time } = trace;
const matrix = blockFeatures(trace);
const columns = FEATURE_NAMES.length;

const equal = (a: Int8Array | Float32Array, b: Int8Array | Float32Array) =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

function fed(size: number, requests: number): RecentRows {
  const recent = new RecentRows(size);
  for (let r = 0; r < requests; r++) {
    const [from, to] = [firstBlock[r], firstBlock[r + 1]];
    recent.add(
      blocks.pages.subarray(from, to),
      matrix.values.subarray(from * columns, to * columns),
      time[r],
    );
  }
  return recent;
}

t.test('what is kept teaches the same as the training part that ends now', async (t) => {
  const ages = [0, 5, 20, 60, 200];
  const spans = ages.length - 1;
  for (const requests of [1, 50, 170, 400]) {
    const accesses = firstBlock[requests];
    const expected = trainingRows(trace, requests, ages);
    for (const size of [100, 1000, accesses, 2 * accesses]) {
      const recent = fed(size, requests);
      t.equal(recent.kept, Math.min(size, accesses));
      // Of access i the place is i modulo the size of the ring.
      const latest = Uint32Array.from({ length: recent.kept }, (_, i) => accesses - recent.kept + i);
      const { matrix: kept, rows } = recent.select(
        latest.map((i) => i % size),
        ages,
      );
      const what = `${recent.kept} accesses after ${requests} requests`;
      t.ok(equal(rows.outcomes, expected.outcomes.slice(latest[0] * spans)), `outcomes of ${what}`);
      t.ok(equal(rows.weights, expected.weights.slice(latest[0])), `weights of ${what}`);
      t.ok(
        equal(kept.values, matrix.values.slice(latest[0] * columns, accesses * columns)),
        `features of ${what}`,
      );
    }
  }
});

t.test('memory is bounded by the accesses that are kept, however long the stream', async (t) => {
  const bytes = (requests: number) => serialize({ ...fed(500, requests) }).length;
  t.ok(firstBlock[400] > 10 * 500);
  // Four bytes a feature, 24 for the rest, and an index of the blocks.
  t.ok(bytes(400) < 500 * (4 * columns + 24 + 24), `${bytes(400)} bytes`);
  t.ok(bytes(400) < 1.1 * bytes(100), `${bytes(400)} and ${bytes(100)} bytes`);
});
